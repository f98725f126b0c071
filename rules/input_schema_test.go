package rules_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// matcher holds inputs to the schemas that are published for them.
type matcher struct {
	query   rego.PreparedEvalQuery
	schemas map[rules.Subject]map[string]any
}

func newMatcher(t *testing.T) matcher {
	t.Helper()
	query, err := rego.New(rego.Query("x := json.match_schema(input.value, input.schema)"), rego.StrictBuiltinErrors(true)).
		PrepareForEval(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m := matcher{query, map[rules.Subject]map[string]any{}}
	for _, subject := range rules.Subjects {
		m.schemas[subject] = schemaOf(t, subject)
		delete(m.schemas[subject], "$schema") // OPA's validator knows older drafts, which have all that is used here
		delete(m.schemas[subject], "$id")
	}
	return m
}

func schemaOf(t *testing.T, subject rules.Subject) map[string]any {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal(rules.InputSchema(subject), &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

func (m matcher) check(t *testing.T, name string, in rules.Input) {
	t.Helper()
	result, err := m.query.Eval(context.Background(), rego.EvalInput(map[string]any{"value": in.Value, "schema": m.schemas[in.Subject]}))
	if err != nil {
		t.Fatal(err)
	}
	answer, _ := result[0].Bindings["x"].([]any)
	if ok, _ := answer[0].(bool); !ok {
		t.Errorf("%s: the input about a %s does not match its schema: %v", name, in.Subject, answer[1])
	}
}

func TestInputsMatchTheirSchemas(t *testing.T) {
	m := newMatcher(t)
	set := load(t, rules.Options{Trust: &rules.Trust{Accounts: []string{"444455556666"}}, Today: "2026-01-31"})
	files := map[string]string{
		"conditions.json": `{"Id": "a", "Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": ["111122223333", 12], "Service": "s3.amazonaws.com"},
			"NotAction": ["kms:decrypt", "kms:Decript", "s3:*", "x"], "NotResource": "*",
			"Condition": {"ForAnyValue:StringLikeIfExists": {"kms:EncryptionContext:a": ["x", true, 3], "kms:ViaServices": "y"}, "stringEquals": {"aws:PrincipalTag/T": "1"}}, "Extra": [[]]}}`,
		"broken.json":            `{"Statement": [{"Principal": [], "Action": {"a": 1}, "Condition": 3}, 7], "Nonsense": null}`,
		"lists.keypolicy.yaml":   "account: \"111122223333\"\nkey_users: [\"*\", root, app/x, \"arn:aws:iam::1:role/a\"]\nkey-admins-roles: [x, 2]\nexternal_accounts: [012345678901, 0123456]\nkey_spec: RSA_2048\n",
		"default.keypolicy.yaml": "{}",
	}
	for _, archive := range archives(t) {
		for _, f := range archive.Files {
			files[f.Name+" of "+string(archive.Comment)] = string(f.Data)
		}
	}
	corpus := os.Getenv("KEYPOLICY_CORPUS")
	if corpus != "" {
		names, err := filepath.Glob(filepath.Join(corpus, "policies", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(name)] = string(text)
		}
	}
	for name, text := range files {
		unit, _ := compiler.Compile(compiler.Input{Name: name, Text: []byte(text), Spec: true}, compiler.Options{})
		for _, d := range unit.Documents {
			inputs, err := set.Inputs(rules.Target{Spec: d.Spec, Policies: d.Policies})
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range inputs {
				m.check(t, name, in)
			}
		}
	}
}

func TestAMissingFieldDoesNotMatch(t *testing.T) {
	m := newMatcher(t)
	value := map[string]any{"files": []any{}, "trust": map[string]any{}}
	result, err := m.query.Eval(context.Background(), rego.EvalInput(map[string]any{"value": value, "schema": m.schemas[rules.Files]}))
	if err != nil {
		t.Fatal(err)
	}
	if answer, _ := result[0].Bindings["x"].([]any); answer[0] != false {
		t.Error("an input without today and accounts matches: the test above tests nothing")
	}
}

// An editor shows title and description, and so does `keypolicy schema`.
func TestEveryFieldOfAnInputIsDescribed(t *testing.T) {
	for _, subject := range rules.Subjects {
		described(t, string(subject), schemaOf(t, subject))
	}
	if rules.InputSchema("nothing") != nil {
		t.Error("there is a schema of nothing")
	}
}

func described(t *testing.T, path string, schema map[string]any) {
	t.Helper()
	if schema["$ref"] == nil && (schema["title"] == nil || schema["description"] == nil) {
		t.Errorf("%s has no title or no description", path)
	}
	for _, group := range []string{"properties", "$defs"} {
		named, _ := schema[group].(map[string]any)
		for name, property := range named {
			p, _ := property.(map[string]any)
			described(t, path+"."+name, p)
		}
	}
}

func TestInputsOfFilesMatchTheirSchema(t *testing.T) {
	set := load(t, rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": `# METADATA
# title: A rule
# custom:
#   severity: error
#   subject: files
package keypolicy.rules.references["mine"]

findings contains {"path": [0], "message": json.marshal(input)} if count(input.files) > 0
`})}})
	place := diag.Place{File: "a", Range: diag.Range{Start: diag.Pos{Line: 1, Column: 1}}}
	found, err := set.EvaluateFiles(context.Background(), []rules.FileSummary{{
		Place: place, Kind: "spec", Name: rules.Named{Text: "n", Place: place}, Regions: []string{"r"}, Uses: []rules.Named{{Text: "t"}}, Outputs: []string{"n"},
	}, {Place: place, Kind: "template", Name: rules.Named{Text: "T", Place: place}}, {Place: place, Kind: "template", Name: rules.Named{Text: "t", Place: place}}}, true)
	found = only(found, "mine")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	var value any
	if err := json.Unmarshal([]byte(found[0].Message), &value); err != nil {
		t.Fatal(err)
	}
	newMatcher(t).check(t, "files", rules.Input{Subject: rules.Files, Value: value})
}

// archives are the examples of all rules.
func archives(t *testing.T) []*txtar.Archive {
	t.Helper()
	names, err := filepath.Glob("*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all []*txtar.Archive
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, txtar.Parse(text))
	}
	return all
}
