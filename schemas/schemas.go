// Package schemas holds the JSON Schemas (draft 2020-12) of what keypolicy reads and writes. Each is
// complete as Read gives it, so that an editor needs no other file and no network. It imports nothing of ours.
package schemas

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Base is where the schemas' ids begin. It is a name and never fetched.
const Base = "https://keypolicy.dev/schemas/"

const suffix = ".schema.json"

//go:embed *.schema.json
var files embed.FS

// Names are the names of the schemas, sorted.
func Names() []string {
	entries, _ := files.ReadDir(".") // an embedded folder is always there
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), suffix))
	}
	slices.Sort(names)
	return names
}

// Description says in a sentence or two what a schema is for; "" where there is no such schema.
func Description(name string) string {
	text, err := Source(name)
	if err != nil {
		return ""
	}
	var head struct{ Description string }
	_ = json.Unmarshal(text, &head) // the tests read all of them
	return head.Description
}

// Source gives a schema as it is written, with references to the others.
func Source(name string) ([]byte, error) {
	text, err := files.ReadFile(name + suffix)
	if err != nil {
		return nil, fmt.Errorf("there is no schema %q", name)
	}
	return text, nil
}

// Read gives a schema by its name with the others that it refers to under its $defs. They lose their ids there, and
// the references lead to them by their place: editors follow no others.
func Read(name string) ([]byte, error) {
	text, err := Source(name)
	if err != nil {
		return nil, err
	}
	whole := decode(text)
	var bundled object
	for _, other := range referred(name, whole, nil) {
		inner := read(other)
		inner = slices.DeleteFunc(inner, func(f field) bool { return f.name == "$id" || f.name == "$schema" })
		refer(inner, func(to string) string { return definition(other, to) })
		bundled = append(bundled, field{other + suffix, inner})
	}
	refer(whole, func(to string) string { return definition("", to) })
	for i := range whole {
		if own, ok := whole[i].value.(object); ok && whole[i].name == definitions {
			whole[i].value = slices.Concat(bundled, own)
			bundled = nil
		}
	}
	if bundled != nil {
		whole = append(whole, field{definitions, bundled})
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(whole)
	return out.Bytes(), err
}

const definitions = "$defs"

// read decodes a schema; one that there is not is empty.
func read(name string) object {
	text, _ := Source(name)
	return decode(text)
}

// definition is a reference of a schema, "" for the whole, as it is in the whole.
func definition(in, to string) string {
	file, pointer, _ := strings.Cut(to, "#")
	if file == "" && in != "" {
		file = in + suffix
	}
	if file == "" {
		return to
	}
	return "#/" + definitions + "/" + file + pointer
}

// refer changes each reference at or below a value.
func refer(value any, change func(to string) string) {
	switch v := value.(type) {
	case object:
		for i, f := range v {
			if to, ok := f.value.(string); ok && f.name == "$ref" {
				v[i].value = change(to)
			}
			refer(f.value, change)
		}
	case []any:
		for _, item := range v {
			refer(item, change)
		}
	}
}

// referred finds the schemas that a schema refers to, and those that they refer to.
func referred(name string, schema object, known []string) []string {
	var files []string
	refer(schema, func(to string) string {
		file, _, _ := strings.Cut(to, "#")
		files = append(files, strings.TrimSuffix(file, suffix))
		return to
	})
	slices.Sort(files)
	for _, other := range slices.Compact(files) {
		if other != "" && other != name && !slices.Contains(known, other) {
			known = referred(name, read(other), append(known, other))
		}
	}
	return known
}
