package rules_test

import (
	"fmt"
	"testing"

	"github.com/keypolicy/keypolicy/rules"
)

// TestAdministratorsOfSeveralAccounts: where the key's account is not known, one of several accounts whose principals administer the
// key is another account, whichever kind of principals they are.
func TestAdministratorsOfSeveralAccounts(t *testing.T) {
	set := load(t, rules.Options{})
	for _, kind := range []string{"root", "role/KeyAdmin", "user/alice"} {
		for _, other := range []string{"root", "role/KeyAdmin", "user/bob"} {
			for _, account := range []string{"111122223333", "444455556666"} {
				text := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Sid": "Admins", "Effect": "Allow", "Principal": {"AWS": [
  "arn:aws:iam::111122223333:%s", "arn:aws:iam::%s:%s"]}, "Action": ["kms:Put*", "kms:Get*", "kms:Describe*"], "Resource": "*"}]}`, kind, account, other)
				found := only(judge(t, set, "a.json", text), "external-admin")
				if (len(found) == 1) != (account == "444455556666") {
					t.Errorf("%s and %s of %s: %d findings", kind, other, account, len(found))
				}
			}
		}
	}
}
