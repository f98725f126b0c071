package rules_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/keypolicy/keypolicy/rules"
)

func inputAbout(t *testing.T, subject rules.Subject, name, text string) map[string]any {
	t.Helper()
	set := load(t, rules.Options{Trust: &rules.Trust{Accounts: []string{"444455556666"}}})
	inputs, err := set.Inputs(targetOf(t, name, text))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range inputs {
		if in.Subject == subject {
			value, _ := in.Value.(map[string]any)
			return value
		}
	}
	t.Fatalf("there is no input about a %s", subject)
	return nil
}

func at(t *testing.T, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch s := step.(type) {
		case string:
			value = value.(map[string]any)[s]
		case int:
			value = value.([]any)[s]
		}
	}
	return value
}

func TestInputAboutAStatement(t *testing.T) {
	in := inputAbout(t, rules.Statement, "a.json", `{"Id": "i", "Statement": {"Effect": "Deny",
		"Principal": {"AWS": ["arn:aws:iam::444455556666:role/app/x", "111122223333", "arn:aws:iam::999999999999:user/u"]},
		"Action": "kms:Decript", "Resource": "*", "Condition": {"StringEqual": {"kms:GrantIsForAWSResource": "true"}}}}`)
	for _, c := range []struct {
		want any
		path []any
	}{
		{"i", []any{"policy", "id"}},
		{"0", []any{"statement", "label"}},
		{false, []any{"statement", "sid", "present"}},
		{"document", []any{"form"}},
		{true, []any{"trust", "given"}},
		{[]any{"Principal", "AWS", json.Number("0")}, []any{"statement", "principals", 0, "path"}},
		{"app/", []any{"statement", "principals", 0, "name_path"}},
		{"trusted", []any{"statement", "principals", 0, "relation"}},
		{"arn:aws:iam::111122223333:root", []any{"statement", "principals", 1, "same"}},
		{"unknown", []any{"statement", "principals", 2, "relation"}},
		{[]any{"Action"}, []any{"statement", "actions", 0, "path"}},
		{"kms:Decrypt", []any{"statement", "actions", 0, "nearest"}},
		{false, []any{"statement", "conditions", 0, "operator", "known"}},
		{"StringEquals", []any{"statement", "conditions", 0, "operator", "nearest"}},
		{"Bool", []any{"statement", "conditions", 0, "key", "type"}},
		{[]any{"Condition", "StringEqual", "kms:GrantIsForAWSResource"}, []any{"statement", "conditions", 0, "values", 0, "path"}},
	} {
		if got := at(t, in, c.path...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v is %#v, not %#v", c.path, got, c.want)
		}
	}
}

func TestInputSaysWhichActionsNeverCarryAKey(t *testing.T) {
	in := inputAbout(t, rules.Statement, "a.json", `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": ["kms:CreateGrant", "kms:Decrypt"],
		"Resource": "*", "Condition": {"Bool": {"KMS:grantisforawsresource": true}}}}`)
	if got := at(t, in, "statement", "conditions", 0, "key", "never_with"); !reflect.DeepEqual(got, []any{"kms:Decrypt"}) {
		t.Errorf("never with %v", got)
	}
	if got := at(t, in, "statement", "conditions", 0, "key", "spelled"); got != "kms:GrantIsForAWSResource" {
		t.Errorf("spelled %v", got)
	}
	if got := at(t, in, "statement", "actions", 1, "facts", "cryptographic"); got != true {
		t.Errorf("kms:Decrypt is cryptographic: %v", got)
	}
}

func TestInputAboutASpec(t *testing.T) {
	in := inputAbout(t, rules.Spec, "a.keypolicy.yaml",
		"account: \"111122223333\"\nkey_users: [app/x, \"arn:aws:iam::111122223333:user/app/x\", $(p)]\nexternal_accounts: [012345678901, 0123456]\nkey-admins-roles: []\n")
	for _, c := range []struct {
		want any
		path []any
	}{
		{[]any{"lists"}, []any{"spec", "forms"}},
		{"key_admins_roles", []any{"spec", "fields", 3, "name"}},
		{"key-admins-roles", []any{"spec", "fields", 3, "written"}},
		{true, []any{"spec", "fields", 3, "empty"}},
		{"user", []any{"spec", "entries", 0, "kind"}},
		{true, []any{"spec", "entries", 0, "bare"}},
		{"arn:aws:iam::111122223333:user/app/x", []any{"spec", "entries", 0, "same"}},
		{"own", []any{"spec", "entries", 1, "relation"}},
		{"parameter", []any{"spec", "entries", 2, "kind"}},
		{"float", []any{"spec", "entries", 3, "type"}},
		{"12345678901", []any{"spec", "entries", 3, "read_as"}},
		{"42798", []any{"spec", "entries", 4, "read_as"}},
		{"0123456", []any{"spec", "entries", 4, "text"}},
		{"0123456", []any{"spec", "values", "external_accounts", 1}},
	} {
		if got := at(t, in, c.path...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v is %#v, not %#v", c.path, got, c.want)
		}
	}
}

// A list's name in the compiled policy still says where it was written, so that it is evaluated once.
func TestInputKnowsWhatASpecsListNamed(t *testing.T) {
	in := inputAbout(t, rules.Policy, "a.keypolicy.yaml", "account: \"111122223333\"\nkey_users: [alice]\n")
	if got := at(t, in, "policy", "statements", 1, "principals", 0, "list"); got != "key_users" {
		t.Errorf("the list is %v", got)
	}
	if got := at(t, in, "policy", "statements", 0, "principals", 0, "list"); got != "" {
		t.Errorf("the account statement is of the list %v", got)
	}
	if got := at(t, in, "policy", "statements", 1, "principals", 0, "path"); !reflect.DeepEqual(got,
		[]any{"Statement", json.Number("1"), "Principal", "AWS", json.Number("0")}) {
		t.Errorf("the path from the policy is %v", got)
	}
}
