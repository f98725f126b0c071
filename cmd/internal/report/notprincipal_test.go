package report

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// TestNotPrincipalWords: whom the words say a Deny exempts is exempt for the engine, and where they leave it open, it does.
func TestNotPrincipalWords(t *testing.T) {
	const (
		account, bob      = "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/Bob"
		role, session     = "arn:aws:iam::111122223333:role/audit", "arn:aws:sts::111122223333:assumed-role/audit/app"
		stranger          = "arn:aws:iam::444455556666:user/Bob"
		rootWords         = "the root user of account 111122223333 (the key's)"
		alice, otherUsers = "arn:aws:iam::111122223333:user/Alice", "the users and roles of account 111122223333 (the key's)"
	)
	standFor := map[string]string{"user/Bob": bob, "role/audit": role, "assumed-role/audit/app": session, rootWords: account, otherUsers: alice, stranger: stranger}
	for _, c := range []struct{ listed, sure, open []string }{
		{[]string{bob, account}, []string{"user/Bob"}, []string{rootWords}},
		{[]string{account}, []string{rootWords}, []string{otherUsers}},
		{[]string{"111122223333"}, []string{rootWords}, []string{otherUsers}},
		{[]string{bob}, nil, []string{"user/Bob"}},
		{[]string{session, role, account}, []string{"assumed-role/audit/app"}, []string{rootWords}},
		{[]string{role, account}, nil, []string{"role/audit", rootWords}},
		{[]string{session, role}, nil, []string{"assumed-role/audit/app", "role/audit"}},
		{[]string{session, account}, nil, []string{"assumed-role/audit/app", rootWords}},
		{[]string{stranger, account}, []string{rootWords}, []string{stranger, otherUsers}},
	} {
		text := `{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Principal": {"AWS": ["*", "111122223333"]}, "Action": "kms:*", "Resource": "*"},
			{"Effect": "Deny", "NotPrincipal": {"AWS": ["` + strings.Join(c.listed, `", "`) + `"]}, "Action": "kms:*", "Resource": "*"}]}`
		f, found := source.Load("policy.json", []byte(text), source.Limits{})
		if found.HasErrors() {
			t.Fatal(found)
		}
		doc := policy.Read(f.Documents[0].Root)
		want := "everything to everyone"
		if len(c.sure) > 0 {
			want += " but " + diag.Join(c.sure, "and")
		}
		want += "; whether AWS exempts " + diag.Join(c.open, "and") + " is not documented"
		if got := denyWords(&doc.Statements[1], "111122223333"); got != want {
			t.Errorf("%s listed:\n%s, want\n%s", c.listed, got, want)
		}
		for i, names := range [][]string{c.sure, c.open} {
			for _, name := range names {
				who := standFor[name]
				got, err := access.Simulate(doc, access.Env{Account: "111122223333", Partition: "aws"}, access.Request{Principal: who, Action: "kms:Decrypt"})
				if err != nil || got.Decision == access.ExplicitDeny || (got.Decision == access.Undecided) != (i == 1) {
					t.Errorf("%s listed: %s for %s (%v), though the words say %s", c.listed, got.Decision, name, err, want)
				}
			}
		}
	}
	everyone := policy.Statement{NotPrincipals: []policy.Principal{policy.ReadPrincipal("AWS", "*", nil)}}
	if whom, open := (Policy{}).notPrincipalWords(everyone.NotPrincipals); whom != "nobody" || open != nil {
		t.Errorf("everyone listed: %q, %q", whom, open)
	}
}
