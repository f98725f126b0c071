package access

import (
	"strings"
	"testing"
)

// TestRemarksOnSessions: the ARNs of a role and of its session allow the session the same, and only a boundary distinguishes them.
func TestRemarksOnSessions(t *testing.T) {
	const (
		role    = "arn:aws:iam::111122223333:role/app"
		session = "arn:aws:sts::111122223333:assumed-role/app/s"
		foreign = "arn:aws:sts::444455556666:assumed-role/app/s"
	)
	allow := func(principals ...string) string {
		return rootStatement + `, {"Effect": "Allow", "Principal": {"AWS": ["` + strings.Join(principals, `","`) + `"]}, "Action": "kms:Decrypt", "Resource": "*"}`
	}
	for name, c := range map[string]struct {
		before, after string
		equivalent    bool
		remarks       []string // what each begins with and has in it
	}{
		"the session instead of its role":    {allow(role), allow(session), false, []string{session, "the new policy"}},
		"the role instead of its session":    {allow(session), allow(role), false, []string{session, "the old policy"}},
		"the session beside its role":        {allow(role), allow(role, session), true, []string{session, "the new policy"}},
		"the session no longer next to it":   {allow(role, session), allow(role), true, []string{session, "the old policy"}},
		"one session on either side":         {allow(session), allow(session, role), false, nil},
		"one of two sessions":                {allow(session+"2", session), allow(session + "2"), false, []string{session + ":", "the old policy"}},
		"only roles":                         {allow(role), allow(role, role+"2"), false, nil},
		"a session of another account":       {allow(role), allow(role, foreign), false, nil},
		"a session to which it denies":       {allow(role), allow(role) + strings.ReplaceAll(strings.TrimPrefix(allow(session), rootStatement), "Allow", "Deny"), false, nil},
		"the same in other words":            {allow(role, session), allow(session, role), true, nil},
		"the same in other words, but Allow": {allow(role, session), strings.Replace(allow(session, role), "kms:Decrypt", "kms:decrypt", 1), true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := Diff(statements(t, c.before), statements(t, c.after), testEnv(), testEnv())
			if d.Equivalent != c.equivalent {
				t.Errorf("equivalent %v, unknown %v", d.Equivalent, d.Unknown)
			}
			if c.remarks == nil {
				if len(d.Remarks) > 0 {
					t.Errorf("remarks %q", d.Remarks)
				}
				return
			}
			if len(d.Remarks) != 1 || !strings.HasPrefix(d.Remarks[0], c.remarks[0]) || !strings.Contains(d.Remarks[0], c.remarks[1]) {
				t.Errorf("remarks %q, want one on %q", d.Remarks, c.remarks)
			}
		})
	}
}
