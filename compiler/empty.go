package compiler

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

var atStart = diag.Range{Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}}

// unknownKind reports a document that is none of what keypolicy reads: nothing is skipped in silence.
func (c *compilation) unknownKind(d *source.Document) diag.Diagnostic {
	if d.Root == nil || d.Root.IsNull() {
		return c.empty(d)
	}
	place := d.Root.Place
	if d.Root.Kind == source.Mapping && len(d.Root.Members) > 0 {
		place = d.Root.Members[0].Key.Place
	}
	return schemaFinding(place, "unknown-kind", "this is not a spec, template, configuration or policy document",
		"a spec has `key_users` or another form's field, a template `template`, a policy document `Statement`; a file named NAME.keypolicy.yaml is always a spec")
}

// empty reports a document that holds nothing.
func (c *compilation) empty(d *source.Document) diag.Diagnostic {
	place := diag.Place{File: c.in.Name, Document: d.Index, Range: d.Range}
	if d.Root != nil {
		place = d.Root.Place
	}
	if place.Range.IsZero() {
		place.Range = atStart
	}
	what, help := "the file is empty", "write a spec, or `{}` for the default policy"
	if c.total > 1 {
		what = fmt.Sprintf("document %d of %d is empty", d.Index+1, c.total)
		help += "; or remove the document"
	}
	if isConfiguration(c.in) {
		help = "write a setting, such as `account: \"111122223333\"`, or take the file away"
	}
	return schemaFinding(place, "unknown-kind", what, help)
}

// secondConfiguration reports a configuration of several documents: only one could count.
func secondConfiguration(d *source.Document) diag.Diagnostic {
	place := d.Root.Place
	place.Range.End = place.Range.Start
	found := schemaFinding(place, "syntax-error", "a configuration is one document, and here another one starts", "write all settings into the first")
	found.Rule = "syntax"
	return found
}
