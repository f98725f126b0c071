package validate_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

// FuzzValidate holds for any document that nothing panics, that each finding has a place with a start before its
// end, a message and a help, and that two runs find the same.
func FuzzValidate(f *testing.F) {
	for _, seed := range []string{
		`{"key_users": ["user2"]}`, "key_usrs: [a]\nkey_admins: b\n", "policy: [5]\nexpect: [{decision: x}]\n", "'': {'': ~}\n",
		"template: a\nparameters: {b: {type: x}, '': 5}\ninclude: [$(b), {templte: c}]\npolicy: {}\n",
		"account: 012345678901\nignore: [{until: 2027-13-01}]\naccounts: {'12': {role_arn: 5}}\n",
		"schema: {oneOf: [{type: string}, {type: array, items: {pattern: '^a'}}], default: [b]}\nvalue: {a: 1e400}\n",
		"schema: {$ref: '#/$defs/a', $defs: {a: {anyOf: [{minimum: 1e999999999}, {not: {}}]}}}\nvalue: .nan\n",
		"schema: {properties: {a: {type: strng, pattern: '['}}, propertyNames: {maxLength: 1}, dependentRequired: {a: [b]}}\nvalue: {aa: 1}\n",
		"schema: {$ref: '#'}\nvalue: [[[[]]]]\n", "schema: {regexProperties: 1, $id: x, $schema: 'https://json-schema.org/x'}\n", "- a\n- {b: é}\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, found := source.Load("f.yaml", text, source.Limits{Bytes: 1 << 16, Depth: 40, Nodes: 2000})
		if found.HasErrors() {
			return
		}
		for _, d := range file.Documents {
			if d.Root == nil {
				continue
			}
			checks := map[string]func(*source.Node) diag.List{
				"spec": validate.Spec, "template": validate.Template, "body": validate.Body, "config": validate.Config, "document": validate.Document,
				"parameter": parameter, "parameter's schema": parameterSchema,
			}
			for name, check := range checks {
				first := check(d.Root)
				if second := check(d.Root); lines(first) != lines(second) {
					t.Errorf("%s: two runs give\n%s\nand\n%s", name, lines(first), lines(second))
				}
				for _, finding := range first {
					r := finding.Place.Range
					if r.Start.Line < 1 || r.Start.Column < 1 || r.End.Offset < r.Start.Offset || r.End.Line < r.Start.Line {
						t.Errorf("%s: %+v has no range", name, finding)
					}
					if finding.Message == "" || finding.Help == "" || finding.Reason == "" {
						t.Errorf("%s: %+v does not say all", name, finding)
					}
				}
			}
		}
	})
}
