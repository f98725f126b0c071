package rules_test

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

const policyText = `{"Version": "2012-10-17", "Statement": [
  {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
]}`

func load(t testing.TB, opts rules.Options) *rules.Set {
	t.Helper()
	set, err := rules.Load(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func loadFiles(t testing.TB, source fs.FS) *rules.Set {
	t.Helper()
	set, err := rules.LoadFiles(context.Background(), source, rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// withRule adds a user's rule about statements.
func withRule(t testing.TB, body string) *rules.Set {
	t.Helper()
	return load(t, rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": ruleOf(body)})}})
}

func targetOf(t testing.TB, name, text string) rules.Target {
	t.Helper()
	unit, found := compiler.Compile(compiler.Input{Name: name, Text: []byte(text)}, compiler.Options{})
	if len(unit.Documents) != 1 {
		t.Fatalf("%s does not compile: %v", name, found)
	}
	return rules.Target{Spec: unit.Documents[0].Spec, Policies: unit.Documents[0].Policies}
}

func judge(t testing.TB, set *rules.Set, name, text string) diag.List {
	t.Helper()
	found, err := set.Evaluate(context.Background(), targetOf(t, name, text))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func only(found diag.List, rule string) diag.List {
	return slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return d.Rule != rule })
}

func TestFindingIsComplete(t *testing.T) {
	set := withRule(t, `findings contains object.union(lib.at([], "m"), {
	"path": ["Principal", "AWS", 0], "message": "m", "reason": "r", "severity": "error", "help": "h",
	"witness": {"principal": "p", "action": "kms:Decrypt", "context": {"kms:ViaService": ["s"]}},
	"related": [{"path": "/Action", "message": "here"}],
}) if input.statement.sid.text == "Root"
`)
	got := only(judge(t, set, "a.json", policyText), "mine")
	if len(got) != 1 {
		t.Fatalf("found %+v", got)
	}
	d := got[0]
	if d.Reason != "r" || d.Severity != diag.Error || d.Help != "h" || d.Category != "privilege" || d.Statement != "Root" {
		t.Errorf("found %+v", d)
	}
	if d.Place.Path != "/Statement/0/Principal/AWS" || d.Place.Range.Start != (diag.Pos{Line: 2, Column: 59, Offset: 99}) {
		t.Errorf("a scalar that represents a list is the place of its one entry, not %+v", d.Place)
	}
	if d.Witness == nil || d.Witness.Context["kms:ViaService"][0] != "s" {
		t.Errorf("the witness is %+v", d.Witness)
	}
	if len(d.Related) != 1 || d.Related[0].Path != "/Statement/0/Action" || d.Related[0].Message != "here" {
		t.Errorf("related is %+v", d.Related)
	}
}

func TestFindingAtAKey(t *testing.T) {
	set := withRule(t, "findings contains lib.at_key([\"Action\"], \"m\") if input.statement.index == 0\n")
	d := only(judge(t, set, "a.json", policyText), "mine")[0]
	if start, end := d.Place.Range.Start, d.Place.Range.End; start.Column != 94 || end.Column != 102 {
		t.Errorf("the key is at %+v", d.Place.Range)
	}
}

func TestFindingsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct{ finding, want string }{
		"no object":        {`"x"`, "a finding is an object"},
		"no path":          {`{"message": "m"}`, "a finding has no path"},
		"no message":       {`{"path": []}`, "a finding has no message"},
		"path's type":      {`{"path": 3, "message": "m"}`, "path of a finding: it is a number"},
		"path's step":      {`{"path": [true], "message": "m"}`, "true is neither a field nor a position"},
		"half a position":  {`{"path": [0.5], "message": "m"}`, "0.5 is not a position"},
		"pointer":          {`{"path": "Action", "message": "m"}`, "is not a JSON pointer"},
		"message's type":   {`{"path": [], "message": 1}`, "message of a finding: it is a number"},
		"severity":         {`{"path": [], "message": "m", "severity": "fatal"}`, `severity of a finding: it is none of error, warning, info: "fatal"`},
		"at":               {`{"path": [], "message": "m", "at": "name"}`, `at of a finding: it is neither`},
		"unknown field":    {`{"path": [], "message": "m", "line": 3}`, "line of a finding"},
		"witness":          {`{"path": [], "message": "m", "witness": "w"}`, "witness of a finding: it is not a request"},
		"related's type":   {`{"path": [], "message": "m", "related": "r"}`, "related of a finding: it is a string"},
		"related's entry":  {`{"path": [], "message": "m", "related": [{"path": []}]}`, "an entry has path and message"},
		"related's object": {`{"path": [], "message": "m", "related": [1]}`, "an entry has path and message"},
	} {
		t.Run(name, func(t *testing.T) {
			set := load(t, rules.Options{User: []rules.Folder{folder(map[string]string{
				"mine.rego": header + "package keypolicy.rules.privilege[\"mine\"]\n\nfindings contains " + c.finding + " if input.statement.index == 0\n",
			})}})
			_, err := set.Evaluate(context.Background(), targetOf(t, "a.json", policyText))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "mine") {
				t.Errorf("the error is %v, not %s", err, c.want)
			}
		})
	}
}

func TestAFailingBuiltinIsAnError(t *testing.T) {
	set := withRule(t, "findings contains lib.at([], \"x\") if to_number(input.statement.sid.text) > 0\n")
	_, err := set.Evaluate(context.Background(), targetOf(t, "a.json", policyText))
	if err == nil || !strings.Contains(err.Error(), "policy-rules/mine.rego:12") {
		t.Errorf("the error is %v", err)
	}
}

func TestACancelledRunIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	set, target := load(t, rules.Options{}), targetOf(t, "a.json", policyText)
	cancel()
	if _, err := set.Evaluate(ctx, target); err == nil {
		t.Error("no error")
	}
}

func TestPoliciesAreSeenWithWhatTheyAllow(t *testing.T) {
	rule := strings.Replace(needing("access.lockout, access.public, access.external", ruleOf(`
findings contains lib.at([], message) if {
	access := input.access
	message := sprintf("%s %s %s %v %v", [access.lockout.editors, access.lockout.durable, access.public, access.public_witness.action, [e.principal | some e in access.external]])
}
`)), "subject: statement", "subject: policy", 1)
	set := load(t, rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": rule})}})
	got := only(judge(t, set, "a.json", policyText), "mine")
	if len(got) != 1 || got[0].Message != `always yes yes kms:Decrypt ["any account"]` {
		t.Errorf("found %+v", got)
	}
}

func TestASetIsSafeForConcurrentUse(t *testing.T) {
	set := load(t, rules.Options{})
	want := judge(t, set, "a.json", policyText)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				found, err := set.Evaluate(context.Background(), targetOf(t, "a.json", policyText))
				if err != nil || len(found) != len(want) {
					t.Errorf("found %+v, %v", found, err)
				}
			}
		})
	}
	wait.Wait()
}

func TestFindingsAboutFiles(t *testing.T) {
	set := load(t, rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": `# METADATA
# title: A rule
# custom:
#   severity: error
#   subject: files
package keypolicy.rules.references["mine"]

findings contains {"path": b.name.path, "message": "twice", "related": [{"path": a.name.path, "message": "first"}]} if {
	some i, a in input.files
	some j, b in input.files
	i < j
	a.name.text == b.name.text
}

findings contains {"path": u.path, "message": u.text} if {
	some f in input.files
	some u in f.uses
}
`})}})
	place := func(file string, line int) diag.Place {
		return diag.Place{File: file, Range: diag.Range{Start: diag.Pos{Line: line, Column: 1}, End: diag.Pos{Line: line, Column: 2}}}
	}
	found, err := set.EvaluateFiles(context.Background(), []rules.FileSummary{
		{Place: place("a", 1), Kind: "spec", Name: rules.Named{Text: "x", Place: place("a", 2)}},
		{Place: place("b", 1), Kind: "spec", Name: rules.Named{Text: "x"}, Uses: []rules.Named{{Text: "t", Place: place("b", 7)}}},
	}, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || found[0].Message != "twice" || found[0].Place != place("b", 1) || found[0].Related[0].Place != place("a", 2) ||
		found[1].Place != place("b", 7) {
		t.Errorf("found %+v", found)
	}
}
