package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
	"github.com/keypolicy/keypolicy/rules"
)

// TestARuleThatIsAskedAgainPrintsOnce: a rule is asked again where a Deny may take something away, and with other fillings of what is
// not known. What it prints of a subject is printed once, and what only another filling makes it print is printed too.
func TestARuleThatIsAskedAgainPrintsOnce(t *testing.T) {
	const text = `{"Version": "2012-10-17", "Statement": [
  {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "Use", "Effect": "Allow", "Principal": {"AWS": "X"}, "Action": "kms:Decrypt", "Resource": "*"}
]}`
	const body = `
findings contains lib.at(p.path, "m") if {
	some p in input.statement.principals
	print("statement", input.statement.sid.text)
	print("statement", input.statement.sid.text)
	startswith(p.kind, "acc")
	print("an account", input.statement.sid.text)
	count(p.left.denied) > 99
}
`
	named := func(name string) *spec.Compiled {
		return onePolicy("a.json", strings.Replace(text, `"X"`, `"`+name+`"`, 1))
	}
	hole := replaced(named("x"), diag.Path{"Statement", 1, "Principal", "AWS"}, func(n *source.Node) {
		*n = *source.NewText(n.Place, symbol.Part{Hole: &symbol.Hole{Kind: symbol.Variable, Ref: "var.user", Place: n.Place}})
	})
	role := strings.Replace(text, `"X"`, `"arn:aws:iam::111122223333:role/a"`, 1)
	for name, c := range map[string]struct {
		policy *spec.Compiled
		want   []string
	}{
		"known":               {onePolicy("a.json", role), []string{"statement Root", "statement Root", "an account Root", "statement Use", "statement Use"}},
		"a Deny that is open": {onePolicy("a.json", denied(t, role, doubts["open"])), []string{"statement Root", "statement Root", "an account Root", "statement Use", "statement Use", "statement Doubt", "statement Doubt"}},
		"a Deny with a mark":  {onePolicy("a.json", denied(t, role, doubts["yet"])), []string{"statement Root", "statement Root", "an account Root", "statement Use", "statement Use", "statement Doubt", "statement Doubt"}},
		"a principal unknown": {hole, []string{"statement Root", "statement Root", "an account Root", "statement Use", "statement Use", "an account Use"}},
	} {
		var got []string
		rule := strings.Replace(ruleOf(body), "#   remedy", "#   access: [left]\n#   remedy", 1)
		set := load(t, rules.Options{Only: "mine", User: []rules.Folder{folder(map[string]string{"mine.rego": rule})}, Print: func(p rules.Printed) { got = append(got, p.Text) }})
		judgePolicy(t, set, c.policy)
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: printed %q, want %q", name, got, c.want)
		}
	}
}
