// Package validate checks what users write against the JSON Schemas and says what is wrong in sentences: the
// field, the place, the nearest right name and what to write instead. It is the only importer of a JSON Schema
// library, whose own texts never reach a user.
package validate

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Spec checks a spec. What a rule reports (empty lists, account IDs, two forms, a policy's grammar) is left to it.
func Spec(n *source.Node) diag.List {
	return check(n, subject{name: "a spec", schema: specSchema, deferred: reportedOfSpecs})
}

// Template checks a template as it is written. The schemas of its parameters are ParameterSchema's.
func Template(n *source.Node) diag.List {
	if t := spec.ParseTemplate(n); t.Name.IsString() && t.Name.Text != "" && t.IsUse() {
		return diag.List{subject{name: "a template"}.finding(fault{value: n}, usedTemplate(t))}
	}
	return check(n, subject{name: "a template", schema: templateSchema, deferred: reportedOfTemplates})
}

// usedTemplate is what is said of a spec that has template in place of policytemplate.
func usedTemplate(t *spec.Template) sentence {
	return sentence{
		at: t.Root.Member("template").Key, reason: "unknown-spec-field",
		message: "`template` defines a template, and this reads as a spec that uses one",
		help:    fmt.Sprintf("to use a template, write `policytemplate: %s`", t.Name.Text),
	}
}

// Body checks a template's body with its parameters filled in.
func Body(n *source.Node) diag.List {
	return check(n, subject{name: "a template's body", schema: specSchema, deferred: reportedOfBodies})
}

// Config checks a configuration.
func Config(n *source.Node) diag.List {
	return check(n, subject{name: "the configuration", schema: configSchema})
}

// subject is what is checked, and how it is spoken of.
type subject struct {
	name      string       // the whole, in a sentence
	root      *source.Node // the whole
	schema    func() *schema
	deferred  func(fault) bool // what another stage or a rule reports; nil where nothing is
	parameter bool             // the schema is a user's own: a template's parameter
	rule      string           // "schema" where empty
	reason    string           // the reason of every finding, where there is one
	category  string           // "spec" where empty
}

// check validates a node. The list is in its order and has each fault once.
func check(n *source.Node, s subject) diag.List {
	if n == nil {
		return nil
	}
	s.root = n
	var found diag.List
	schema := s.schema()
	for _, f := range schema.faults(n) {
		if s.deferred != nil && s.deferred(f) {
			continue
		}
		for _, t := range s.sentences(f) {
			found = append(found, s.finding(f, t))
		}
	}
	found.Sort()
	return once(found)
}

func (s subject) finding(f fault, t sentence) diag.Diagnostic {
	at := t.at
	if at == nil {
		at = f.value
	}
	d := diag.Diagnostic{
		Rule: "schema", Reason: t.reason, Category: "spec", Severity: diag.Error, Message: t.message, Help: t.help,
		Place: at.Place, Related: diag.Copied(at.Place, at.Origins),
	}
	if d.Reason == "" {
		d.Reason = "wrong-field-type"
	}
	if s.rule != "" {
		d.Rule, d.Reason, d.Category = s.rule, s.reason, s.category
	}
	return d
}

// once drops findings at the place of another one with the same message.
func once(sorted diag.List) diag.List {
	var list diag.List
	for _, d := range sorted {
		if len(list) > 0 && list[len(list)-1].Place == d.Place && list[len(list)-1].Message == d.Message {
			continue
		}
		list = append(list, d)
	}
	return list
}
