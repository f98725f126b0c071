package source

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

const ruleSyntax = "syntax"

// Load reads a file: JSON where its name ends in .json or its text is a JSON object or list, YAML otherwise.
// It returns what it could read and everything wrong with it. A document that does not parse is left out;
// an empty one has no root. Limits that are 0 are those of DefaultLimits.
func Load(name string, data []byte, limits Limits) (*File, diag.List) {
	return load(name, data, limits, loadAny)
}

// LoadSelected reads a JSON file of which only a part is of interest: selected is its text with values that are not written
// over with 0 and blanks, so that all offsets are those of the file.
func LoadSelected(name string, data, selected []byte, limits Limits) (*File, diag.List) {
	return load(name, data, limits, func(f *File, limits Limits) diag.List {
		f.Shown = selected
		return loadJSON(f, selected, limits)
	})
}

func load(name string, data []byte, limits Limits, read func(f *File, limits Limits) diag.List) (*File, diag.List) {
	limits = limits.orDefault()
	f := &File{Name: name}
	if len(data) > limits.Bytes {
		f.lines = newLines(nil)
		return f, diag.List{{
			Rule: ruleSyntax, Reason: "oversized-input", Severity: diag.Error,
			Message: fmt.Sprintf("the file has more than %d bytes, which is the most that is read", limits.Bytes),
			Help:    "a key policy has at most 32,768 bytes; split the file",
			Place:   diag.Place{File: name, Range: f.lines.span(0, 0)},
		}}
	}
	f.Text, f.Shown = data, data
	f.lines = newLines(data)
	found, fatal := checkEncoding(f)
	if fatal {
		return f, found
	}
	body := data[f.lines.bom:]
	switch {
	case blank(body) && !bytes.ContainsRune(body, '#'):
		f.Documents = []*Document{{Range: f.lines.span(0, len(data))}}
	default:
		found = append(found, read(f, limits)...)
	}
	for i, d := range found {
		if d.Reason == "file-encoding" {
			found[i].Place.Document = documentAt(f, d.Place.Range.Start.Offset)
		}
	}
	return f, found
}

// loadAny reads JSON or YAML, whichever the file is.
func loadAny(f *File, limits Limits) diag.List {
	if isJSON(f.Name, f.Text[f.lines.bom:]) {
		return loadJSON(f, f.Text, limits)
	}
	return loadYAML(f, limits)
}

func (l Limits) orDefault() Limits {
	return Limits{
		Bytes: cmp.Or(l.Bytes, DefaultLimits.Bytes),
		Depth: cmp.Or(l.Depth, DefaultLimits.Depth),
		Nodes: cmp.Or(l.Nodes, DefaultLimits.Nodes),
	}
}

func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

func isJSON(name string, body []byte) bool {
	if strings.HasSuffix(strings.ToLower(name), ".json") {
		return true
	}
	body = bytes.TrimLeft(body, " \t\r\n")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[') && json.Valid(body)
}
