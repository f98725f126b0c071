package access

import (
	"slices"
	"strings"
	"testing"
)

// TestFederatedUsersByTheirID: aws:userid of a federated user is its account and its name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func TestFederatedUsersByTheirID(t *testing.T) {
	const fred, account = "arn:aws:sts::111122223333:federated-user/fred", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*", "Condition": `
	for _, c := range []struct {
		condition string
		editors   Editors
		who       []string
		status    Status
	}{
		{`{"StringEquals": {"aws:userid": "111122223333:fred"}}}`, EditorsAlways, []string{fred}, Live},
		{`{"StringLike": {"aws:userid": "111122223333:f*"}}}`, EditorsAlways, []string{"arn:aws:sts::111122223333:federated-user/f*"}, Live},
		{`{"StringLike": {"aws:userid": "111122223333:*"}}}`, EditorsAlways, []string{"arn:aws:sts::111122223333:federated-user/*"}, Live},
		{`{"StringEquals": {"aws:userid": "111122223333:*"}}}`, EditorsNone, []string{}, NeverMatches},
		{`{"StringEquals": {"aws:userid": "444455556666:fred"}}}`, EditorsNone, []string{}, NeverMatches},
		{`{"StringEquals": {"aws:userid": "111122223333:fred"}, "StringLike": {"aws:userid": "*:a*"}}}`, EditorsNone, []string{}, NeverMatches},
	} {
		report := Analyze(statements(t, account+c.condition), testEnv())
		if l, st := report.Lockout, report.Statements[0]; l.Editors != c.editors || !slices.Equal(l.Principals, c.who) || st.Status != c.status {
			t.Errorf("%s: editors %s %v, %s (%s), want %s %v, %s", c.condition, l.Editors, l.Principals, st.Status, st.Why, c.editors, c.who, c.status)
		}
	}
	denied := statements(t, rootStatement+","+strings.Replace(account, "Allow", "Deny", 1)+`{"StringLike": {"aws:userid": "*:fred"}}}`)
	d := Diff(statements(t, rootStatement), denied, testEnv(), testEnv())
	if !slices.ContainsFunc(d.Removed, func(c Change) bool { return c.Principal == fred && c.Conditions.None() }) {
		t.Errorf("a Deny for an id: %+v", d.Removed)
	}
}
