package access

import (
	"strings"
	"testing"
)

// TestNotPrincipal: whom a Deny with NotPrincipal spares. The two lists of AWS's page are of a user with its account, and
// of a session with its role and their account: all but that user, and all but that session, are denied.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func TestNotPrincipal(t *testing.T) {
	const (
		account, bob, alice = "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/Bob", "arn:aws:iam::111122223333:user/Alice"
		role, otherRole     = "arn:aws:iam::111122223333:role/audit", "arn:aws:iam::111122223333:role/other"
		session, fellow     = "arn:aws:sts::111122223333:assumed-role/audit/app", "arn:aws:sts::111122223333:assumed-role/audit/another"
		stranger            = "arn:aws:iam::444455556666:user/Bob"
		fed, service        = "arn:aws:sts::111122223333:federated-user/Bob", "sns.amazonaws.com"
	)
	for _, c := range []struct {
		listed                  []string
		spared, unknown, denied []string
	}{
		{[]string{bob, account}, []string{bob}, []string{account, fed}, []string{alice, role, session, stranger, service}},
		{[]string{session, role, account}, []string{session}, []string{account}, []string{fellow, alice, otherRole, fed, stranger}},
		{[]string{account}, []string{account}, []string{bob, alice, role, session, fed}, []string{stranger, service}},
		{[]string{"111122223333"}, []string{account}, []string{bob, session}, []string{stranger}},
		{[]string{bob}, nil, []string{bob, fed}, []string{account, alice, role, stranger}},
		{[]string{role, account}, nil, []string{role, session, account}, []string{bob, otherRole}},
		{[]string{session, account}, nil, []string{session, account}, []string{fellow, bob, otherRole}},
		{[]string{session}, nil, []string{session}, []string{fellow, account, bob}},
		{[]string{fed, account}, []string{fed}, []string{account}, []string{bob, alice}},
		{[]string{stranger, account}, []string{account}, []string{bob, role, stranger}, nil},
		{[]string{bob, alice, account}, []string{bob, alice}, []string{account}, []string{role}},
		{[]string{"*"}, []string{bob, account, session, stranger}, nil, nil},
	} {
		element := `"AWS": ["` + strings.Join(c.listed, `", "`) + `"]`
		doc := statements(t, `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}, {"Effect": "Deny", "NotPrincipal": {`+element+`}, "Action": "kms:*", "Resource": "*"}`)
		for _, group := range []struct {
			who  []string
			want Decision
		}{{c.spared, Allowed}, {c.unknown, Undecided}, {c.denied, ExplicitDeny}} {
			for _, who := range group.who {
				want := group.want
				if who == stranger && want == Allowed {
					want = NeedsIdentityPolicy
				}
				if got, err := Simulate(doc, testEnv(), Request{Principal: who, Action: "kms:Decrypt"}); err != nil || got.Decision != want {
					t.Errorf("%s listed: %s for %s (%v), want %s", c.listed, got.Decision, who, err, want)
				}
			}
		}
	}
}

// TestNotPrincipalEditors: who can change a policy of which a Deny spares some, and what the Deny does.
func TestNotPrincipalEditors(t *testing.T) {
	for listed, want := range map[string]struct {
		editors       Editors
		durable, root Answer
		status        Status
	}{
		`"arn:aws:iam::111122223333:user/Bob", "arn:aws:iam::111122223333:root"`: {EditorsAlways, Unknown, Unknown, Live},
		`"arn:aws:iam::111122223333:root"`:                                       {EditorsAlways, Yes, Yes, StatusUnknown},
		`"arn:aws:iam::111122223333:user/Bob"`:                                   {EditorsUnknown, No, No, Live},
		`"arn:aws:iam::444455556666:user/Bob"`:                                   {EditorsNone, No, No, Live},
	} {
		a := NewAnalysis(statements(t, rootStatement+`, {"Effect": "Deny", "NotPrincipal": {"AWS": [`+listed+`]}, "Action": "kms:*", "Resource": "*"}`), testEnv())
		l := a.Lockout()
		if l.Editors != want.editors || l.DurableAnswer != want.durable || l.RootUserAnswer != want.root || a.Statements()[1].Status != want.status {
			t.Errorf("%s: editors %s, durable %s, root user %s, statement %s, want %v", listed, l.Editors, l.DurableAnswer, l.RootUserAnswer, a.Statements()[1].Status, want)
		}
	}
	admin := strings.Replace(rootStatement, ":root", ":role/admin", 1)
	a := NewAnalysis(statements(t, admin+`, {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}`), testEnv())
	if l := a.Lockout(); l.Editors != EditorsUnknown || l.RootUser || len(a.Unknown()) == 0 {
		t.Errorf("only the account, and one role: editors %s, root user %v: %+v", l.Editors, l.RootUser, a.Unknown())
	}
}
