package access

import "testing"

// The account of a key in Resource is one that the key may belong to: no answer leaves such a statement out where the key's account is
// not known.
func TestOwnersOfKeysInResource(t *testing.T) {
	const arn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	doc := statements(t, rootStatement+`, {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "`+arn+`"}`)
	for _, test := range []struct {
		env   Env
		never bool
	}{
		{Env{Partition: "aws"}, false},
		{Env{Partition: "aws", Account: testAccount}, true},
	} {
		if got := Analyze(doc, test.env).Statements[1].Status; (got == NeverMatches) != test.never {
			t.Errorf("with the account %q the statement is %s", test.env.Account, got)
		}
	}
}
