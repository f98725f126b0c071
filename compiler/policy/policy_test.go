package policy_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

func read(t *testing.T, text string) *policy.Document {
	t.Helper()
	file, found := source.Load("p.yaml", []byte(text), source.DefaultLimits)
	if len(found) > 0 {
		t.Fatalf("findings: %+v", found)
	}
	return policy.Read(file.Documents[0].Root)
}

func TestReadPrincipal(t *testing.T) {
	for _, test := range []struct {
		element, text string
		want          policy.Principal
	}{
		{"AWS", "*", policy.Principal{Kind: policy.Anyone}},
		{"AWS", "111122223333", policy.Principal{Kind: policy.Account, Account: "111122223333"}},
		{"AWS", "1111", policy.Principal{Kind: policy.Account, Account: "1111"}},
		{"AWS", "arn:aws:iam::111122223333:root", policy.Principal{Kind: policy.Account, Partition: "aws", Account: "111122223333"}},
		{"AWS", "arn:aws-cn:iam::111122223333:user/a/b/c", policy.Principal{Kind: policy.User, Partition: "aws-cn", Account: "111122223333", NamePath: "a/b/", Name: "c"}},
		{"AWS", "arn:aws:iam::111122223333:role/app-*", policy.Principal{Kind: policy.Role, Partition: "aws", Account: "111122223333", Name: "app-*"}},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/ci/run-1", policy.Principal{Kind: policy.Session, Partition: "aws", Account: "111122223333", Name: "ci", Session: "run-1"}},
		{"AWS", "arn:aws:sts::111122223333:federated-user/bob", policy.Principal{Kind: policy.FederatedUser, Partition: "aws", Account: "111122223333", Name: "bob"}},
		{"AWS", "arn:aws:iam::111122223333:group/g", policy.Principal{Kind: policy.Group, Partition: "aws", Account: "111122223333"}},
		{"AWS", "arn:aws:iam::111122223333:instance-profile/web", policy.Principal{Kind: policy.OtherARN, Partition: "aws", Account: "111122223333"}},
		{"AWS", "AROAEXAMPLEID1234567", policy.Principal{Kind: policy.UniqueID}},
		{"AWS", "alice", policy.Principal{Kind: policy.Unknown}},
		{"Service", "s3.amazonaws.com", policy.Principal{Kind: policy.Service}},
		{"Federated", "x", policy.Principal{Kind: policy.Federated}},
		{"CanonicalUser", "x", policy.Principal{Kind: policy.CanonicalUser}},
		{"aws", "*", policy.Principal{Kind: policy.Unknown}},
	} {
		test.want.Element, test.want.Text, test.want.Path = test.element, test.text, diag.Path{"x"}
		if got := policy.ReadPrincipal(test.element, test.text, diag.Path{"x"}); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s %q:\n got %+v\nwant %+v", test.element, test.text, got, test.want)
		}
	}
}

func TestHasWildcard(t *testing.T) {
	for text, want := range map[string]bool{"*": false, "arn:aws:iam::1:role/a*": true, "rol?": true, "plain": false} {
		if got := (policy.Principal{Text: text}).HasWildcard(); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestParseARN(t *testing.T) {
	arn, ok := policy.ParseARN("arn:aws:kms:eu-west-1:111122223333:key/a:b")
	if want := (policy.ARN{Partition: "aws", Service: "kms", Region: "eu-west-1", Account: "111122223333", Resource: "key/a:b"}); !ok || arn != want {
		t.Errorf("%v %v", arn, ok)
	}
	if arn.String() != "arn:aws:kms:eu-west-1:111122223333:key/a:b" {
		t.Error(arn.String())
	}
	for _, text := range []string{"", "arn:aws:kms:x:y", "ARN:aws:kms:r:a:x"} {
		if _, ok := policy.ParseARN(text); ok {
			t.Errorf("%q is not an ARN", text)
		}
	}
}

func TestIsAccountID(t *testing.T) {
	for text, want := range map[string]bool{"012345678901": true, "12345678901": false, "1234567890123": false, "12345678901a": false} {
		if policy.IsAccountID(text) != want {
			t.Errorf("%q", text)
		}
	}
}

func TestReadKeepsTheNormalFormAndThePaths(t *testing.T) {
	d := read(t, `
Version: 2012-10-17
Statement:
  Effect: Allow
  Principal: "*"
  Action: kms:*
  Resource: ["*"]
  Condition: {Bool: {aws:SecureTransport: true}, NumericLessThan: {k: [1, 2]}}
`)
	st := d.Statements[0]
	if d.Version.Value != "2012-10-17" || st.Label() != "0" || len(d.Problems) != 0 {
		t.Fatalf("%+v %+v", d.Version, d.Problems)
	}
	if p := st.Principals[0]; p.Kind != policy.Anyone || p.Path.Pointer() != "/Statement/Principal" {
		t.Errorf("%+v", p)
	}
	if a := st.Actions[0]; a.Value != "kms:*" || a.Path.Pointer() != "/Statement/Action" {
		t.Errorf("%+v", a)
	}
	if r := st.Resources[0]; r.Path.Pointer() != "/Statement/Resource/0" {
		t.Errorf("%+v", r)
	}
	if c := st.Conditions[0]; c.Operator.Value != "Bool" || c.Key.Value != "aws:SecureTransport" || c.Values[0].Value != "true" {
		t.Errorf("%+v", c)
	}
	if v := st.Conditions[1].Values[1]; v.Value != "2" || v.Path.Pointer() != "/Statement/Condition/NumericLessThan/k/1" {
		t.Errorf("%+v", v)
	}
}

func TestReadReportsWhatItCannotRead(t *testing.T) {
	for text, path := range map[string]string{
		`{Statement: 5}`:                                     "/Statement",
		`{Statement: [5]}`:                                   "/Statement/0",
		`{Extra: 1, Statement: []}`:                          "/Extra",
		`{Statement: [{Actions: x}]}`:                        "/Statement/0/Actions",
		`{Statement: [{Action: [[x]]}]}`:                     "/Statement/0/Action/0",
		`{Statement: [{Effect: true}]}`:                      "/Statement/0/Effect",
		`{Statement: [{Principal: [x]}]}`:                    "/Statement/0/Principal",
		`{Statement: [{Principal: {aws: x}}]}`:               "/Statement/0/Principal/aws",
		`{Statement: [{Principal: {AWS: {}}}]}`:              "/Statement/0/Principal/AWS",
		`{Statement: [{Condition: []}]}`:                     "/Statement/0/Condition",
		`{Statement: [{Condition: {Bool: x}}]}`:              "/Statement/0/Condition/Bool",
		`{Statement: [{Condition: {Bool: {k: {}}}}]}`:        "/Statement/0/Condition/Bool/k",
		`{Statement: [{Condition: {Bool: {k: [null, x]}}}]}`: "/Statement/0/Condition/Bool/k/0",
		`[]`: "",
	} {
		d := read(t, text)
		if len(d.Problems) != 1 || d.Problems[0].Path.Pointer() != path || d.Problems[0].Want == "" {
			t.Errorf("%s: %+v, want one at %s", text, d.Problems, path)
		}
	}
}

func TestJSON(t *testing.T) {
	d := read(t, `{Version: 2012-10-17, Statement: [{Sid: "a<b>&é\t\"", Resource: [], Condition: {}, Action: [x, 5, true, null]}]}`)
	const compact = `{"Version":"2012-10-17","Statement":[{"Sid":"a<b>&é\t\"","Resource":[],"Condition":{},"Action":["x","5","true",null]}]}` + "\n"
	if got := string(d.JSON(true)); got != compact {
		t.Errorf("got  %s\nwant %s", got, compact)
	}
	if d.Size() != len(compact)-1 {
		t.Error(d.Size())
	}
	var a, b any
	if err := json.Unmarshal(d.JSON(false), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(d.JSON(true), &b); err != nil || !reflect.DeepEqual(a, b) {
		t.Error("indented and compact differ", err)
	}
}

func TestFindFallsBackToTheNearestAncestor(t *testing.T) {
	d := read(t, "Statement:\n  - Sid: x\n")
	o := d.Map.Find(diag.Path{"Statement", 0, "Sid"})
	if !o.Exact || o.Key.Range.Start.Column != 5 || o.Value.Range.Start.Column != 10 {
		t.Errorf("%+v", o)
	}
	if o := d.Map.Find(diag.Path{"Statement", 0, "Resource", 1}); o.Exact || o.Value.Path != "/Statement/0" {
		t.Errorf("%+v", o)
	}
}
