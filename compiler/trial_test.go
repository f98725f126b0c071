package compiler

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/templates"
)

// Samples are found for every built-in template, and all that it gives stands in its file.
func TestBuiltinTemplatesCompileWithSamples(t *testing.T) {
	for _, name := range templates.Names() {
		text, ok := templates.Read(name)
		if !ok {
			t.Fatal(name)
		}
		file := name + ".yaml"
		unit, found := Compile(Input{Name: file, Text: text}, Options{})
		if found.HasErrors() || len(unit.Documents) != 1 || unit.Documents[0].Trial == nil {
			t.Errorf("%s is not put to the trial: %v", name, found)
			continue
		}
		for _, p := range unit.Documents[0].Trial.Policies {
			walk(p.Document.Root, func(n *source.Node) {
				if n.Place.File != file {
					t.Errorf("%s: %q stands in %q", name, n.Text, n.Place.File)
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

func TestTrialPlacesSamplesAtTheirParameters(t *testing.T) {
	text := `template: readers
parameters:
  names: {type: array, items: {type: string, pattern: "^ex[a-z]+$"}, minItems: 1}
  days: {type: integer, minimum: 7, maximum: 30}
  bucket: {type: string, default: invoices}
statements:
  - Sid: Read
    Effect: Allow
    Principal: {AWS: "$(names)"}
    Action: kms:Decrypt
    Resource: "*"
    Condition: {NumericLessThan: {"kms:ScheduleKeyDeletionPendingWindowInDays": "$(days)"}, StringEquals: {"kms:EncryptionContext:b": "$(bucket)"}}
`
	unit, found := Compile(Input{Name: "t.yaml", Text: []byte(text)}, Options{})
	trial := unit.Documents[0].Trial
	if trial == nil {
		t.Fatal(found)
	}
	st := trial.Policies[0].Document.Statements[1]
	if got := st.Principals[0].Text; got != "example" {
		t.Errorf("the sample of names is %q", got)
	}
	at := func(path ...any) diag.Place {
		return trial.Policies[0].Document.Map.Find(append(diag.Path{"Statement", 1}, path...)).Value
	}
	for _, c := range []struct {
		line int
		told bool
		path []any
	}{
		{10, true, []any{"Action"}},
		{7, true, nil},
		{5, true, []any{"Condition", "StringEquals", "kms:EncryptionContext:b"}},
	} {
		place := at(c.path...)
		if place.Range.Start.Line != c.line || trial.Told(diag.Diagnostic{Place: place}) != c.told {
			t.Errorf("%v is at line %d, told %v", c.path, place.Range.Start.Line, trial.Told(diag.Diagnostic{Place: place}))
		}
	}
	if trial.Told(diag.Diagnostic{Place: unit.Documents[0].Template.Template.Parameters[0].Name.Place}) {
		t.Error("what is found about a sample is told")
	}
	if len(trial.Spec.Given) != 1 || strings.Contains(trial.Spec.Root.Members[0].Key.Text, "template") {
		t.Errorf("the body is %+v", trial.Spec)
	}
}

func TestTemplatesWithFaultsOrWithoutSamplesAreNotTried(t *testing.T) {
	for name, text := range map[string]string{
		"fault":     "template: t\nstatements: [{Sid: \"$(x)\"}]\n",
		"no sample": "template: t\nparameters: {x: {type: string, pattern: \"^zzz{9}q$\"}}\nstatements: [{Sid: \"$(x)\"}]\n",
		"object":    "template: t\nparameters: {x: {type: object}}\nstatements: [\"$(x)\"]\n",
	} {
		unit, _ := Compile(Input{Name: "t.yaml", Text: []byte(text)}, Options{})
		if unit.Documents[0].Trial != nil {
			t.Errorf("%s: it is tried", name)
		}
	}
}
