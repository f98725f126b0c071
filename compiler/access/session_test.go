package access

import (
	"fmt"
	"strings"
	"testing"
)

// TestSessionHasItsRolesPath: the name of a role is unique in its account whatever its path, so what a statement gives a
// session it gives no second role of the name, and simulate agrees.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
func TestSessionHasItsRolesPath(t *testing.T) {
	const session = `{"AWS": "arn:aws:sts::111122223333:assumed-role/app/s1"}`
	allow := func(principal string) string {
		return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "kms:Decrypt", "Resource": "*"}`
	}
	for name, policies := range map[string][2]string{
		"a session":                 {rootStatement, rootStatement + ", " + allow(session)},
		"a session for its role":    {rootStatement + ", " + allow(`{"AWS": "arn:aws:iam::111122223333:role/app"}`), rootStatement + ", " + allow(session)},
		"a role with a path":        {rootStatement + ", " + allow(`{"AWS": "arn:aws:iam::111122223333:role/team/app"}`), rootStatement + ", " + allow(session)},
		"a session beside patterns": {rootStatement + ", " + strings.Replace(allow(`"*"`), `"Resource"`, `"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a*"}}, "Resource"`, 1), rootStatement + ", " + allow(session)},
		"a user by its name":        {rootStatement, rootStatement + ", " + strings.Replace(allow(`"*"`), `"Resource"`, `"Condition": {"StringEquals": {"aws:username": "alice"}}, "Resource"`, 1)},
	} {
		older, newer := statements(t, policies[0]), statements(t, policies[1])
		d := Diff(older, newer, testEnv(), testEnv())
		if len(d.Added)+len(d.Removed) == 0 || len(d.Unknown) > 0 {
			t.Errorf("%s: %+v", name, d)
		}
		for _, c := range append(d.Added, d.Removed...) {
			if strings.Contains(fmt.Sprint(c), "/any/") {
				t.Errorf("%s: %+v, which cannot be", name, c)
			}
			was, err := Simulate(older, testEnv(), c.Witness)
			now, err2 := Simulate(newer, testEnv(), c.Witness)
			if err != nil || err2 != nil || was.Decision != c.Was || now.Decision != c.Decision {
				t.Errorf("%s: %+v: %s, %s (%v, %v), want %s, %s", name, c.Witness, was.Decision, now.Decision, err, err2, c.Was, c.Decision)
			}
		}
	}
}
