package access

import "testing"

// TestWhatDiffersByAccountIsNotOpen: who can change the policy is known for each account that the key can be in. That another statement
// may be about another key says nothing of that, so only the account is a reason.
func TestWhatDiffersByAccountIsNotOpen(t *testing.T) {
	const other = `,{"Sid": "Other", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:*", "Resource": "*"}`
	const topic = `,{"Sid": "Topic", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "` + testKey + `"}`
	for _, text := range []string{rootStatement + other, rootStatement + other + topic} {
		a := NewAnalysis(statements(t, text), Env{})
		l := a.Lockout()
		if kind := a.Undecided(AskLockout); l.Editors != EditorsUnknown || kind != ReasonNotYetKnown {
			t.Errorf("%s: editors %s, %q because %+v", text, l.Editors, kind, a.Because(AskLockout))
		}
	}
}
