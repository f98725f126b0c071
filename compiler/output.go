package compiler

import (
	"fmt"
	"path"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Output is a policy's place among the files that a run writes.
type Output struct {
	Name  string // without ".json"
	Place diag.Place
}

// Outputs are the document's policies as output files.
func (d *Document) Outputs() []Output {
	var list []Output
	for _, p := range d.Policies {
		list = append(list, Output{Name: p.Name, Place: d.OutputNode.Place})
	}
	return list
}

// outputName is the file's name without its suffixes, with "-2", "-3" … for further documents.
func outputName(file string, document int) string {
	name := path.Base(strings.ReplaceAll(file, "\\", "/"))
	if file == "-" {
		name = "stdin"
	}
	for _, suffix := range []string{".yaml", ".yml", ".json"} {
		name = strings.TrimSuffix(name, suffix)
	}
	name = strings.TrimSuffix(name, ".keypolicy")
	if document > 0 {
		name += fmt.Sprintf("-%d", document+1)
	}
	return name
}
