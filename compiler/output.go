package compiler

import "github.com/keypolicy/keypolicy/compiler/diag"

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
