package access

import (
	"fmt"
	"testing"
)

// TestValuesBesideVariables: a value that is written out beside one with a variable lets in, or denies, whom it would by
// itself: the values of a condition are alternatives.
func TestValuesBesideVariables(t *testing.T) {
	const root = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}`
	policy := func(statements string) string {
		return `{"Version":"2012-10-17","Statement":[` + root + statements + `]}`
	}
	statement := func(effect, principal, actions, operator, key, values string) string {
		return fmt.Sprintf(`,{"Effect":%q,"Principal":%s,%s,"Resource":"*","Condition":{%q:{%q:%s}}}`, effect, principal, actions, operator, key, values)
	}
	t.Run("a Deny by a literal locks out in some contexts", func(t *testing.T) {
		doc := read(t, policy(statement("Deny", `"*"`, `"NotAction":"kms:DescribeKey"`, "StringLike", "aws:ResourceTag/project", `["A*","${aws:PrincipalTag/project}"]`)))
		if l := NewAnalysis(doc, testEnv()).Lockout(); l.Editors != EditorsConditional {
			t.Errorf("editors %s, want conditional", l.Editors)
		}
	})
	t.Run("a literal is met where the variable has no value", func(t *testing.T) {
		doc := read(t, policy(statement("Allow", `{"Service":"cloudtrail.amazonaws.com"}`, `"Action":"kms:Decrypt"`, "StringEquals", "aws:ResourceTag/project", `["Alpha","${aws:PrincipalTag/project}"]`)))
		if st := NewAnalysis(doc, testEnv()).Statements()[1]; st.Status == NeverMatches {
			t.Errorf("%+v", st)
		}
	})
	t.Run("a caller is named beside a variable", func(t *testing.T) {
		doc := read(t, policy(statement("Allow", `"*"`, `"Action":"kms:Decrypt"`, "ArnLike", "aws:PrincipalArn",
			`["arn:aws:iam::444455556666:role/x","arn:aws:iam::111122223333:user/${aws:username}"]`)))
		if external := NewAnalysis(doc, testEnv()).External(); len(external) == 0 {
			t.Error("nobody outside, and role/x of another account is let in")
		}
	})
	for _, operator := range []string{"StringEquals", "StringLike", "StringNotEquals"} {
		for _, key := range []string{"aws:PrincipalOrgID", "aws:PrincipalTag/team", "kms:EncryptionContext:team"} {
			t.Run(operator+" "+key, func(t *testing.T) {
				with := read(t, policy(statement("Allow", `{"AWS":"arn:aws:iam::444455556666:user/bob"}`, `"Action":"kms:Decrypt"`, operator, key, `["o-z9y8x7w6v5","${aws:ResourceTag/x}"]`)))
				without := read(t, policy(statement("Allow", `{"AWS":"arn:aws:iam::444455556666:user/bob"}`, `"Action":"kms:Decrypt"`, operator, key, `["${aws:ResourceTag/x}"]`)))
				if d := Diff(with, without, testEnv(), testEnv()); d.Equivalent {
					t.Error("leaving the literal out is not difference, it says")
				}
			})
		}
	}
}
