package rules_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/rules"
)

// An entry of a list becomes part of several statements: what a rule says of each in the same words is one finding, and what it says
// in words that differ is one finding each.
func TestOneEntryOfASpecIsReportedOnceInTheSameWords(t *testing.T) {
	for message, want := range map[string][]string{
		"a user": {"/key_users/0 a user", "/key_users/1 a user"},
		"in %s": {
			"/key_users/0 in `Allow attachment of persistent resources`", "/key_users/0 in `Allow use of the key`",
			"/key_users/1 in `Allow attachment of persistent resources`", "/key_users/1 in `Allow use of the key`",
		},
	} {
		set := withRule(t, fmt.Sprintf(`findings contains lib.at(p.path, replace(%q, "%%s", lib.name(input.statement))) if {
	some p in input.statement.principals
	p.kind == "user"
}
`, message))
		text := "account: \"111122223333\"\nkey_users: [alice, bob]\nregions: [eu-central-1, eu-west-1]\n"
		var got []string
		for _, d := range only(judge(t, set, "a.keypolicy.yaml", text), "mine") {
			got = append(got, d.Place.Path+" "+d.Message)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q, not %q", message, got, want)
		}
	}
}

func TestFindingsOfRegionsAreReportedWhereTheirWordsDiffer(t *testing.T) {
	of := func(message string) []string {
		t.Helper()
		set := withRule(t, `findings contains lib.written(lib.at(p.path, sprintf("`+message+`", [p.text, input.key.region, lib.name(input.statement)])), input.key.region) if {
	some p in input.statement.principals
	p.kind == "role"
}
`)
		text := "account: \"111122223333\"\nkey_users_roles: [a]\nregions: [eu-central-1, eu-west-1]\n"
		var got []string
		for _, d := range only(judge(t, set, "a.keypolicy.yaml", text), "mine") {
			got = append(got, d.Place.Path+" "+d.Message)
			if len(d.Edits) > 0 || strings.Contains(d.Help, "eu-") {
				t.Errorf("%s proposes what is wrong in the other Region: %s", d.Message, d.Help)
			}
		}
		return got
	}
	for message, want := range map[string][]string{
		"%[1]s in %[2]s": {"/key_users_roles/0 arn:aws:iam::111122223333:role/a in eu-central-1", "/key_users_roles/0 arn:aws:iam::111122223333:role/a in eu-west-1"},
		"%[1]s":          {"/key_users_roles/0 arn:aws:iam::111122223333:role/a"},
		"%[3]s":          {"/key_users_roles/0 `Allow attachment of persistent resources`", "/key_users_roles/0 `Allow use of the key`"},
	} {
		if got := of(message); !slices.Equal(got, want) {
			t.Errorf("%s: found %q, not %q", message, got, want)
		}
	}
}

func TestTwoFindingsOfOneStatementAtOnePlaceAreBothReported(t *testing.T) {
	set := withRule(t, "findings contains lib.at([\"Action\"], m) if {\n\tinput.statement.index == 0\n\tsome m in [\"one\", \"two\"]\n}\n")
	if got := only(judge(t, set, "a.json", policyText), "mine"); len(got) != 2 {
		t.Errorf("found %+v", got)
	}
}

// Parts of inputs are kept for other targets: never those of a statement that has the same texts in Action as this in NotAction.
func TestStatementsOfTheSameTextsAreDistinguished(t *testing.T) {
	policyOf := func(elements string) string {
		return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Resource": "*", ` + elements + `}]}`
	}
	texts := []string{"", "kms:*Grant*"}
	var policies []string
	for _, a := range texts {
		for _, b := range texts {
			policies = append(policies, policyOf(fmt.Sprintf(`"Action": [%q, %q]`, a, b)), policyOf(fmt.Sprintf(`"NotAction": [%q, %q]`, a, b)))
		}
	}
	set := load(t, rules.Options{})
	for _, text := range policies {
		if together, single := judge(t, set, "a.json", text), judge(t, load(t, rules.Options{}), "a.json", text); !reflect.DeepEqual(together, single) {
			t.Errorf("%s\nby itself:  %+v\nwith others: %+v", text, single, together)
		}
	}
}
