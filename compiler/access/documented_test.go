package access

import (
	"slices"
	"strings"
	"testing"
)

// TestKeysThatAreNotKnownToBeSent: AWS's pages contradict each other on whether the request of a user or a role has
// aws:SourceAccount. Whom a condition on it lets in is said with that doubt, and that somebody can change the policy does not rest on it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
func TestKeysThatAreNotKnownToBeSent(t *testing.T) {
	doubted := `"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}`
	admin := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/admin"}, "Action": "kms:*", "Resource": "*"`
	for name, c := range map[string]struct {
		statements string
		editors    Editors
		durable    Answer
		caller     CallerCheck
	}{
		"the only editor by it":          {admin + `, ` + doubted + `}`, EditorsUnknown, No, CallerUnknown},
		"the account by it":              {`{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*", ` + doubted + `}`, EditorsUnknown, Unknown, CallerUnknown},
		"another editor beside":          {admin + `, ` + doubted + `}, ` + rootStatement, EditorsAlways, Yes, CallerPassIfIAM},
		"one who needs MFA beside":       {admin + `, ` + doubted + `}, ` + admin + `, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`, EditorsConditional, No, CallerConditional},
		"a Deny without it":              {admin + `}, {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}}`, EditorsUnknown, No, CallerUnknown},
		"a Deny with it":                 {admin + `}, {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", ` + doubted + `}`, EditorsAlways, No, CallerPass},
		"one who has it or does without": {admin + `, "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}}`, EditorsAlways, No, CallerPass},
	} {
		t.Run(name, func(t *testing.T) {
			env := testEnv()
			env.Caller = "arn:aws:iam::111122223333:role/admin"
			a := NewAnalysis(statements(t, c.statements), env)
			l := a.Lockout()
			if l.Editors != c.editors || l.DurableAnswer != c.durable || l.Caller != c.caller {
				t.Errorf("editors %s, durable %s, caller %s; want %s, %s, %s", l.Editors, l.DurableAnswer, l.Caller, c.editors, c.durable, c.caller)
			}
			if undecided := a.Undecided(AskLockout); c.editors == EditorsUnknown && undecided != ReasonOpen {
				t.Errorf("it is not known as of %q", undecided)
			}
		})
	}
}

// TestDoubtIsPrinted: access, diff and simulate say the same of such a key.
func TestDoubtIsPrinted(t *testing.T) {
	allow := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`
	want := "only for account 111122223333, where aws:SourceAccount is not known to be sent"
	doc := statements(t, rootStatement+","+allow)
	if rows := Analyze(doc, testEnv()).Matrix; !slices.ContainsFunc(rows, func(r Row) bool { return r.Kind == "role" && r.Conditions.Text == want }) {
		t.Errorf("no row says %q: %v", want, rows)
	}
	if d := Diff(statements(t, rootStatement), doc, testEnv(), testEnv()); len(d.Added) != 1 || d.Added[0].Conditions.Text != want {
		t.Errorf("the difference does not say %q: %v", want, d.Added)
	}
	for account, decision := range map[string]Decision{testAccount: Allowed, "444455556666": NeedsIdentityPolicy} {
		got, err := Simulate(doc, testEnv(), Request{Principal: "arn:aws:iam::111122223333:role/app", Action: "kms:Decrypt", Context: map[string][]string{"aws:SourceAccount": {account}}})
		if err != nil || got.Decision != decision || len(got.Reasons) != 1 || !strings.Contains(got.Reasons[0], "aws:SourceAccount is not known to be sent by arn:aws:iam::111122223333:role/app:") {
			t.Errorf("%s: %v %s %v, want %s with a reason", account, err, got.Decision, got.Reasons, decision)
		}
	}
	if got, err := Simulate(doc, testEnv(), Request{Principal: "arn:aws:iam::111122223333:role/app", Action: "kms:Decrypt"}); err != nil || len(got.Reasons) > 0 {
		t.Errorf("without the key: %v %v", err, got.Reasons)
	}
	service := Conditions{}
	for _, row := range Analyze(statements(t, strings.Replace(allow, `"AWS": "arn:aws:iam::111122223333:role/app"`, `"Service": "sns.amazonaws.com"`, 1)), testEnv()).Matrix {
		service = row.Conditions
	}
	if service.Text != "only for account 111122223333" {
		t.Errorf("a service has it: %q", service.Text)
	}
}
