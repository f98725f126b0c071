package uses_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

var key = policy.Key{Account: "111122223333", Partition: "aws", Region: "us-east-1"}

const root = `{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`

// read reads a policy of some statements.
func read(t *testing.T, statements ...string) *policy.Document {
	t.Helper()
	text := `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ",") + `]}`
	unit, found := compiler.Compile(compiler.Input{Name: "p.json", Text: []byte(text)}, compiler.Options{})
	if found.HasErrors() || len(unit.Documents) != 1 || len(unit.Documents[0].Policies) != 1 {
		t.Fatalf("%s: %v", text, found)
	}
	return unit.Documents[0].Policies[0].Document
}

func ask(t *testing.T, a uses.Asked, statements ...string) uses.Answer {
	t.Helper()
	env := access.EnvOf(key)
	return uses.NewJudge(read(t, statements...), env).Ask(a)
}

// given gives every parameter of a use its example.
func given(use facts.Use) map[string][]string {
	fill := strings.NewReplacer("$(partition)", "aws", "$(account)", key.Account, "$(region)", key.Region)
	values := map[string][]string{}
	for name, p := range use.Parameters {
		if !p.Free {
			values[name] = []string{fill.Replace(p.Example)}
		}
	}
	return values
}

// eachUse runs a test on every use that some way has.
func eachUse(t *testing.T, of func(facts.Use) bool, do func(t *testing.T, a uses.Asked)) {
	t.Helper()
	n := 0
	for _, use := range facts.Uses() {
		if !of(use) {
			continue
		}
		n++
		t.Run(use.ID, func(t *testing.T) { do(t, uses.Asked{Use: use, Given: given(use)}) })
	}
	if n == 0 {
		t.Error("no such use")
	}
}

func hasTemplate(use facts.Use) bool    { return use.Template != "" }
func byKeyPolicy(use facts.Use) bool    { return use.Way == facts.WayKeyPolicy }
func notByKeyPolicy(use facts.Use) bool { return use.Way != facts.WayKeyPolicy }
func templateAndWay(use facts.Use) bool { return hasTemplate(use) && byKeyPolicy(use) }

// The template of a use lets it be by itself, whether its parameters are given or not.
func TestTheTemplateByItselfFulfilsTheUse(t *testing.T) {
	eachUse(t, hasTemplate, func(t *testing.T, a uses.Asked) {
		statements := a.Statements(key)
		if len(statements) == 0 {
			t.Fatal("the template has no statements for the examples")
		}
		for _, asked := range []uses.Asked{a, {Use: a.Use}} {
			answer := ask(t, asked, statements...)
			crossing := a.Use.ID == "ami-sharing-org" || a.Use.ID == "backup" // another account's, or those of the account
			if answer.Verdict != uses.Fulfilled && !(crossing && answer.Verdict == uses.NeedsIdentity) {
				t.Errorf("given %v: %s: %+v", asked.Given, answer.Verdict, answer.Requests)
			}
		}
	})
}

// Neither the default policy nor one with another service's statement lets a service in.
func TestTheDefaultPolicyRefusesServices(t *testing.T) {
	eachUse(t, byKeyPolicy, func(t *testing.T, a uses.Asked) {
		for _, asked := range []uses.Asked{a, {Use: a.Use}} {
			if answer := ask(t, asked, root); answer.Verdict != uses.Refused {
				t.Errorf("given %v: %s", asked.Given, answer.Verdict)
			}
		}
	})
}

// What a caller is to be let in for depends on identity policies under the default policy, where the caller is of the account, and
// is refused where nothing delegates or a Deny is in the way.
func TestCallersHangOnIdentityPolicies(t *testing.T) {
	deny := `{"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}`
	single := `{"Sid": "One", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/KeyAdmin"}, "Action": "kms:PutKeyPolicy", "Resource": "*"}`
	eachUse(t, notByKeyPolicy, func(t *testing.T, a uses.Asked) {
		crossing := strings.Contains(a.Use.Requests[0].Principal, "$(other_account)")
		want := uses.NeedsIdentity
		if crossing {
			want = uses.Refused
		}
		for _, asked := range []uses.Asked{a, {Use: a.Use}} {
			if answer := ask(t, asked, root); answer.Verdict != want {
				t.Errorf("the default policy, given %v: %s, want %s: %+v", asked.Given, answer.Verdict, want, answer.Requests)
			}
		}
		if answer := ask(t, a, root, deny); answer.Verdict != uses.Refused || len(answer.Requests[0].Obstacles) == 0 {
			t.Errorf("a Deny: %+v", answer)
		}
		if answer := ask(t, a, single); answer.Verdict != uses.Refused {
			t.Errorf("no statement for the account: %s", answer.Verdict)
		}
	})
}

// Each documented condition of its own lets the requests that have the key through; one on a key that is not sent does not.
func TestDocumentedConditions(t *testing.T) {
	eachUse(t, byKeyPolicy, func(t *testing.T, a uses.Asked) {
		// The values that the requests have are those of an answer.
		answer := ask(t, a, root)
		byPrincipal := map[string]bool{}
		for _, r := range answer.Requests {
			byPrincipal[r.Principal] = true
			for _, k := range slices.Sorted(maps.Keys(r.Context)) {
				operator := "StringEquals"
				if k == "kms:GrantOperations" {
					operator = "ForAllValues:StringEquals"
				}
				if one := ask(t, only(a, r.Written), statement(t, r.Principal, r.Written, operator, k, r.Context[k][0])); one.Verdict != uses.Fulfilled {
					t.Errorf("%s with %s: %s", r.Written, k, one.Verdict)
				}
				if one := ask(t, only(a, r.Written), statement(t, r.Principal, r.Written, operator, k, "another")); one.Verdict != uses.Refused {
					t.Errorf("%s with another %s: %s", r.Written, k, one.Verdict)
				}
			}
		}
		for _, r := range a.Use.Requests {
			for _, k := range r.NotSent {
				for principal := range byPrincipal {
					if one := ask(t, only(a, r.Actions[0]), statement(t, principal, r.Actions[0], "StringLike", k, "*")); one.Verdict != uses.Refused {
						t.Errorf("%s with %s, which is not sent: %s", r.Actions[0], k, one.Verdict)
					}
				}
			}
		}
	})
}

// A condition on a key that AWS's pages do not have for a use is not called refused.
func TestConditionsThatAreNotDocumented(t *testing.T) {
	eachUse(t, templateAndWay, func(t *testing.T, a uses.Asked) {
		answer := ask(t, a, root)
		r := answer.Requests[0]
		want := uses.NotDocumented
		if slices.Contains(a.Use.Requests[0].NotSent, "aws:SourceOrgID") {
			want = uses.Refused
		}
		one := ask(t, only(a, r.Written), statement(t, r.Principal, r.Written, "StringEquals", "aws:SourceOrgID", "o-a1b2c3d4e5"))
		if one.Verdict != want {
			t.Errorf("aws:SourceOrgID: %s, want %s", one.Verdict, want)
		}
	})
}

// only is a use with the requests for one action.
func only(a uses.Asked, action string) uses.Asked {
	var kept []facts.UseRequest
	for _, r := range a.Use.Requests {
		if slices.Contains(r.Actions, action) {
			r.Actions = []string{action}
			kept = append(kept, r)
			break
		}
	}
	a.Use.Requests = kept
	return a
}

func statement(t *testing.T, principal, action, operator, key, value string) string {
	t.Helper()
	kind := "Service"
	if strings.HasPrefix(principal, "arn:") {
		kind = "AWS"
	}
	text, err := json.Marshal(map[string]any{
		"Sid": "S", "Effect": "Allow", "Principal": map[string]string{kind: principal}, "Action": action, "Resource": "*",
		"Condition": map[string]any{operator: map[string]string{key: value}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
