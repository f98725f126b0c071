package compiler

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
	"github.com/keypolicy/keypolicy/templates"
)

// Every built-in template is tried, and all that it gives is in its file.
func TestBuiltinTemplatesAreTried(t *testing.T) {
	for _, name := range templates.Names() {
		text, ok := templates.Read(name)
		if !ok {
			t.Fatal(name)
		}
		file := name + ".yaml"
		unit, found := Compile(Input{Name: file, Text: text}, Options{})
		if found.HasErrors() || len(unit.Documents) != 1 || unit.Documents[0].Sample == nil {
			t.Errorf("%s is not put to the sample: %v", name, found)
			continue
		}
		for _, p := range unit.Documents[0].Sample.Policies {
			walk(p.Document.Root, func(n *source.Node) {
				if n.Place.File != file {
					t.Errorf("%s: %q is in %q", name, n.Text, n.Place.File)
				}
			})
		}
	}
}

func walk(n *source.Node, visit func(*source.Node)) {
	visit(n)
	for _, item := range n.Items {
		walk(item, visit)
	}
	for _, m := range n.Members {
		walk(m.Key, visit)
		walk(m.Value, visit)
	}
}

func TestParametersWithoutAValueAreHoles(t *testing.T) {
	text := `template: readers
parameters:
  names: {type: array, items: {type: string, pattern: "^ex[a-z]+$"}, minItems: 1}
  days: {type: integer, minimum: 7, maximum: 30}
  bucket: {type: string, default: invoices}
  rest: {type: string}
statements:
  - Sid: Read
    Effect: Allow
    Principal: {AWS: "$(names)"}
    Action: kms:Decrypt
    Resource: "*"
    Condition: {NumericLessThan: {"kms:ScheduleKeyDeletionPendingWindowInDays": "$(days)"}, StringEquals: {"kms:EncryptionContext:b": ["$(bucket)", "x-$(rest)"]}}
`
	unit, found := Compile(Input{Name: "t.yaml", Text: []byte(text)}, Options{})
	sample := unit.Documents[0].Sample
	if sample == nil {
		t.Fatal(found)
	}
	st := sample.Policies[0].Document.Statements[1]
	hole := st.Principals[0].Parts.Whole()
	if hole == nil || hole.Kind != symbol.Parameter || hole.Ref != "names" || st.Principals[0].Text != "$(names)" {
		t.Errorf("names is %+v", st.Principals[0])
	}
	if days := st.Conditions[0].Values[0].Parts.Whole(); days == nil || days.Ref != "days" {
		t.Errorf("days is %+v", st.Conditions[0].Values[0])
	}
	if bucket := st.Conditions[1].Values[0]; bucket.Parts != nil || bucket.Value != "invoices" {
		t.Errorf("the default of bucket is %+v", bucket)
	}
	if rest := st.Conditions[1].Values[1]; rest.Value != "x-$(rest)" || len(rest.Parts) != 2 {
		t.Errorf("a part of a text is %+v", rest)
	}
	at := func(path ...any) diag.Place {
		return sample.Policies[0].Document.Map.Find(append(diag.Path{"Statement", 1}, path...)).Value
	}
	for _, c := range []struct {
		line int
		path []any
	}{
		{11, []any{"Action"}},
		{8, nil},
		{5, []any{"Condition", "StringEquals", "kms:EncryptionContext:b", 0}},
	} {
		if place := at(c.path...); place.Range.Start.Line != c.line {
			t.Errorf("%v is at line %d", c.path, place.Range.Start.Line)
		}
	}
	if len(sample.Spec.Given) != 1 || strings.Contains(sample.Spec.Root.Members[0].Key.Text, "template") {
		t.Errorf("the body is %+v", sample.Spec)
	}
}

func TestTemplatesWithFaultsAreNotTried(t *testing.T) {
	for name, text := range map[string]string{
		"fault":  "template: t\nstatements: [{Sid: \"$(x)\"}]\n",
		"object": "template: t\nparameters: {x: {type: object}}\nstatements: [\"$(x)\"]\n",
	} {
		unit, _ := Compile(Input{Name: "t.yaml", Text: []byte(text)}, Options{})
		if unit.Documents[0].Sample != nil {
			t.Errorf("%s: it is tried", name)
		}
	}
}
