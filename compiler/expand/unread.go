package expand

import (
	"path"
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// nameLine is the field `template` in YAML or JSON that may be broken elsewhere.
var nameLine = regexp.MustCompile(`(?m)^[{\s]*["']?template["']?[ \t]*:[ \t]*["']?([^\s"',#{}\[\]]+)`)

// Unread are the templates of a file that cannot be read, with its faults: a use then gets a finding about these, and gets neither
// "there is no template" nor a built-in one of the same name. They go by the names that the text seems to give them,
// else by the file's own.
func Unread(file string, text []byte, faults diag.List) []*Entry {
	names := []string{strings.TrimSuffix(path.Base(file), path.Ext(file))}
	if lines := nameLine.FindAllSubmatch(text, -1); len(lines) > 0 {
		names = nil
		for _, line := range lines {
			names = append(names, string(line[1]))
		}
	}
	var entries []*Entry
	for _, name := range names {
		place := diag.Place{File: file}
		root := &source.Node{Kind: source.Mapping, Place: place}
		entries = append(entries, &Entry{
			Template: &spec.Template{Root: root, Name: &source.Node{Kind: source.Scalar, Type: source.String, Text: name, Place: place}},
			Findings: faults,
		})
	}
	return entries
}
