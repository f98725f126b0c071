package compiler

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
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

func schemaFinding(place diag.Place, reason, message, help string) diag.Diagnostic {
	return diag.Diagnostic{Rule: "schema", Reason: reason, Category: "spec", Severity: diag.Error, Message: message, Help: help, Place: place}
}

func compileFinding(n *source.Node, reason, message, help string) diag.Diagnostic {
	return diag.Diagnostic{
		Rule: "compile", Reason: reason, Category: "spec", Severity: diag.Error, Message: message, Help: help,
		Place: n.Place, Related: diag.Copied(n.Place, n.Origins),
	}
}

// formsGuard is the compiler's own word on two forms: nothing ambiguous is ever compiled, whatever the rules are set to.
func formsGuard(s *spec.KeyPolicy) *diag.Diagnostic {
	fields := formFields(s)
	d := compileFinding(fields[1], "exclusive-forms",
		fmt.Sprintf("`%s` and `%s` are different forms of a policy and exclude each other", fields[0].Text, fields[1].Text),
		"keep one of them: lists of who may do what, `policy`, or `policytemplate`")
	return &d
}

// formFields are the keys of the fields that speak for different forms, in the order written: one a form.
func formFields(s *spec.KeyPolicy) []*source.Node {
	var fields []*source.Node
	seen := map[spec.Form]bool{}
	for _, m := range s.Root.Members {
		if form := formOf(m.Key.Text, s); form != "" && !seen[form] {
			seen[form] = true
			fields = append(fields, m.Key)
		}
	}
	return fields
}

func formOf(field string, s *spec.KeyPolicy) spec.Form {
	switch name := spec.FieldName(field); name {
	case "policy":
		return spec.FormPolicy
	case "policytemplate":
		return spec.FormTemplate
	case "include", "statements", "delegate_to_iam", "allow_key_deletion":
		if s.Policy != nil {
			return spec.FormLists
		}
	default:
		if s.Lists[name] != nil {
			return spec.FormLists
		}
	}
	return ""
}

// DuplicateOutputs reports policies of one run that would be written to one file, also where the names
// differ only in case: some file systems keep one of the two. It is reported at each of them.
func DuplicateOutputs(outputs []Output) diag.List {
	owners := map[string][]Output{}
	for _, o := range outputs {
		name := strings.ToLower(o.Name)
		owners[name] = append(owners[name], o)
	}
	var found diag.List
	for _, o := range outputs {
		same := owners[strings.ToLower(o.Name)]
		if len(same) == 1 {
			continue
		}
		other := same[0]
		if other == o {
			other = same[1]
		}
		found = append(found, diag.Diagnostic{
			Rule: "compile", Reason: "output-name-duplicate", Category: "references", Severity: diag.Error,
			Message: fmt.Sprintf("two policies would be written to `%s.json`", o.Name), Help: "give one of the specs another `name`",
			Place: o.Place, Related: []diag.Related{{Place: other.Place, Message: fmt.Sprintf("`%s.json` is the file of this policy too", other.Name)}},
		})
	}
	return found
}

// folderFaults reports globs that are not valid, and of what a configuration's folders give and there is not.
func folderFaults(root *source.Node) diag.List {
	var found diag.List
	for _, n := range spec.PatternNodes(root) {
		if n.IsString() && !spec.ValidPattern(n.Text) {
			found = append(found, schemaFinding(n.Place, "invalid-pattern", fmt.Sprintf("`%s` is not a valid glob pattern", n.Text),
				"close its brackets and braces, or write a backslash before one that is meant as it is"))
		}
	}
	if folders := root.Get("folders"); folders != nil {
		for _, item := range folders.Items {
			found = append(found, partitionFault(item.Get("partition"))...)
			found = append(found, regionFault(item.Get("region"))...)
		}
	}
	return found
}
