// Package schemas holds the JSON Schemas (draft 2020-12) of what keypolicy reads and writes. Each is
// complete as Read gives it, so that an editor needs no other file and no network. It imports nothing of ours.
package schemas

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
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
	var bundled strings.Builder
	for _, other := range referred(name, text, nil) {
		inner, err := Source(other)
		if err != nil {
			return nil, err
		}
		nested := identity.ReplaceAllString(strings.TrimSpace(string(inner)), "")
		nested = strings.ReplaceAll(nested, `"$ref": "#/`, fmt.Sprintf(`"$ref": "#/$defs/%s/`, other+suffix))
		fmt.Fprintf(&bundled, "\n    %q: %s,", other+suffix, strings.ReplaceAll(nested, "\n", "\n    "))
	}
	whole := strings.Replace(string(text), definitions, definitions+bundled.String(), 1)
	return []byte(reference.ReplaceAllString(whole, `"$$ref": "#/$$defs/$1`)), nil
}

var (
	identity  = regexp.MustCompile(`(?m)^  "\$(id|schema)": .*\n`)
	reference = regexp.MustCompile(`"\$ref": "([a-z]+\.schema\.json)#`)
)

const definitions = "\n  \"$defs\": {"

// referred finds the schemas that a schema refers to, and those that they refer to.
func referred(name string, text []byte, known []string) []string {
	for _, other := range Names() {
		if other == name || slices.Contains(known, other) || !strings.Contains(string(text), `"$ref": "`+other+suffix) {
			continue
		}
		known = append(known, other)
		if inner, err := Source(other); err == nil {
			known = referred(name, inner, known)
		}
	}
	return known
}
