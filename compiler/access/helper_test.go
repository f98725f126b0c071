package access

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

const (
	testAccount = "111122223333"
	testKey     = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
)

func testEnv() Env { return Env{Account: testAccount, Partition: "aws", KeyARN: testKey} }

// read reads a policy document from JSON or YAML.
func read(t testing.TB, text string) *policy.Document {
	t.Helper()
	f, found := source.Load("policy.json", []byte(text), source.Limits{})
	if found.HasErrors() || len(f.Documents) == 0 {
		t.Fatalf("policy does not parse: %v\n%s", found, text)
	}
	return policy.Read(f.Documents[0].Root)
}

// statements wraps statements in a policy document.
func statements(t testing.TB, text string) *policy.Document {
	t.Helper()
	return read(t, `{"Version": "2012-10-17", "Statement": [`+text+`]}`)
}

const rootStatement = `{"Sid": "root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`

// texts are reasons without their kinds.
func texts(list []Reason) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.Text)
	}
	return out
}
