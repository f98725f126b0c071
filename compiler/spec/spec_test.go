package spec_test

import (
	"reflect"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

func root(t *testing.T, text string) *source.Node {
	t.Helper()
	file, found := source.Load("s.yaml", []byte(text), source.DefaultLimits)
	if len(found) > 0 {
		t.Fatalf("%q: %+v", text, found)
	}
	return file.Documents[0].Root
}

func TestForms(t *testing.T) {
	const lists, whole, template, byDefault = spec.FormLists, spec.FormPolicy, spec.FormTemplate, spec.FormDefault
	for text, want := range map[string][]spec.Form{
		`{}`:                                                     {byDefault},
		`{key: alias/x, name: y}`:                                {byDefault},
		`{key_users: []}`:                                        {lists},
		`{key-admins-roles: [x]}`:                                {lists},
		`{include: []}`:                                          {lists},
		`{statements: []}`:                                       {lists},
		`{delegate_to_iam: false}`:                               {lists},
		`{allow_key_deletion: false}`:                            {lists},
		`{policy: {}}`:                                           {whole},
		`{policy: {}, statements: []}`:                           {lists, whole},
		`{policy: {}, delegate_to_iam: true}`:                    {lists, whole},
		`{policytemplate: x, statements: []}`:                    {template},
		`{policytemplate: x, key_users: []}`:                     {lists, template},
		`{policytemplate: x, policy: {}}`:                        {whole, template},
		`{external_accounts: [], policy: {}, policytemplate: x}`: {lists, whole, template},
	} {
		if got := spec.Parse(root(t, text)).Forms(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestIsSpec(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: false, `{on: push}`: false, `{key: x}`: true, `{key-admins-roles: []}`: true, `{policytemplate: x}`: true, `{account: "1"}`: false,
	} {
		if got := spec.IsSpec(root(t, text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestParseExpect(t *testing.T) {
	s := spec.Parse(root(t, `
expect:
  - {principal: role/a, action: kms:Decrypt, decision: allowed, context: {aws:SourceIp: 1.2.3.4, k: [a, b]}}
  - {principal: role/a, action: kms:Decrypt, decision: [implicit_deny, unknown]}
  - {principal: role/a, decision: allowed}
`))
	if len(s.Expect) != 2 || len(s.Expect[1].Decisions) != 2 {
		t.Fatalf("%+v", s.Expect)
	}
	if want := map[string][]string{"aws:SourceIp": {"1.2.3.4"}, "k": {"a", "b"}}; !reflect.DeepEqual(s.Expect[0].Context, want) {
		t.Errorf("%+v", s.Expect[0].Context)
	}
}

func TestParseTemplate(t *testing.T) {
	n := root(t, "{template: x, description: d, parameters: {a: {type: string}, b: {default: 5}}, key_users: [$(a)], policy: {}}")
	p := spec.ParseTemplate(n)
	if !spec.IsTemplate(n) || p.Name.Text != "x" || p.Description.Text != "d" || len(p.Parameters) != 2 || len(p.BodyMembers()) != 2 {
		t.Fatalf("%+v", p)
	}
	if p.Parameter("a").Default != nil || p.Parameter("b").Default.Text != "5" || p.Parameter("c") != nil {
		t.Error("defaults")
	}
}

func TestParseConfiguration(t *testing.T) {
	c := spec.ParseConfiguration(root(t, `
account: "111122223333"
partition: aws-cn
region: cn-north-1
key: alias/x
include: ["keys/**/*.yaml"]
output: compiled
templates: [t]
rules: [r]
trust: {accounts: ["444455556666"], organizations: [o-a]}
severity: {single-editor: "off", missing-sid: error}
ignore: [{rule: wildcard-principal, path: "legacy/**", until: 2027-03-31, reason: "ticket"}]
accounts: {"111122223333": {role_arn: "arn:aws:iam::111122223333:role/keypolicy", external_id: keypolicy-1, session_tags: {team: keys}, duration: 1h}}
`))
	ignore := c.Ignore[0]
	ignore.Node = nil
	if want := (spec.Ignore{Rule: "wildcard-principal", Path: "legacy/**", Until: "2027-03-31", Reason: "ticket"}); ignore != want {
		t.Errorf("%+v", ignore)
	}
	c.Root, c.Ignore = nil, nil
	want := &spec.Configuration{
		Account: "111122223333", Partition: "aws-cn", Region: "cn-north-1", Key: "alias/x", Include: []string{"keys/**/*.yaml"}, Output: "compiled",
		Templates: []string{"t"}, Rules: []string{"r"}, Trust: spec.Trust{Accounts: []string{"444455556666"}, Organizations: []string{"o-a"}},
		Severity: map[string]string{"single-editor": "off", "missing-sid": "error"},
		Accounts: map[string]spec.AccountRole{"111122223333": {ARN: "arn:aws:iam::111122223333:role/keypolicy", ExternalID: "keypolicy-1", Tags: map[string]string{"team": "keys"}, Duration: "1h"}},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}
