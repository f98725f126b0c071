package access

import (
	"slices"
	"strings"
	"testing"
)

// TestPlaceholdersAreUnknown: nobody knows what a text will say that is still to be filled in, so it locks nobody out and
// lets nobody in, and it is not taken for one that nothing matches.
func TestPlaceholdersAreUnknown(t *testing.T) {
	const root = "arn:aws:iam::111122223333:root"
	allow := func(principal, action, resource string) string {
		return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "` + action + `", "Resource": "` + resource + `"}`
	}
	for _, c := range []struct {
		name, policy string
		editors      Editors
		status       Status // of the last statement
	}{
		{"an account", allow(`{"AWS": "arn:aws:iam::${account_id}:root"}`, "kms:*", "*"), EditorsUnknown, StatusUnknown},
		{"an account of CloudFormation", allow(`{"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}`, "kms:*", "*"), EditorsUnknown, StatusUnknown},
		{"an account of a shell", allow(`{"AWS": "$(account)"}`, "kms:*", "*"), EditorsUnknown, StatusUnknown},
		{"an account of a person", allow(`{"AWS": "arn:aws:iam::<ACCOUNT_ID>:root"}`, "kms:*", "*"), EditorsUnknown, StatusUnknown},
		{"an account of another template", allow(`{"AWS": "arn:aws:iam::{{ account }}:root"}`, "kms:*", "*"), EditorsUnknown, StatusUnknown},
		{"a role", allow(`{"AWS": "arn:aws:iam::111122223333:role/${admin}"}`, "kms:*", "*"), EditorsUnknown, StatusUnknown},
		{"a whole principal", allow(`{"AWS": "${admin_arn}"}`, "kms:*", "*"), EditorsUnknown, StatusUnknown},
		{"a role of another account", allow(`{"AWS": "arn:aws:iam::444455556666:role/${admin}"}`, "kms:*", "*"), EditorsNone, StatusUnknown},
		{"an action", allow(`{"AWS": "`+root+`"}`, "kms:${action}", "*"), EditorsUnknown, StatusUnknown},
		{"an action that is none to edit", allow(`{"AWS": "`+root+`"}`, "kms:Get${what}", "*"), EditorsNone, StatusUnknown},
		{"a resource", allow(`{"AWS": "`+root+`"}`, "kms:*", "arn:aws:kms:${region}:111122223333:key/*"), EditorsUnknown, StatusUnknown},
		{"a resource by a policy variable", allow(`{"AWS": "`+root+`"}`, "kms:*", "arn:aws:kms:*:*:key/${aws:PrincipalTag/key}"), EditorsUnknown, StatusUnknown},
		{"a resource of another account", allow(`{"AWS": "`+root+`"}`, "kms:*", "arn:aws:kms:${region}:444455556666:key/*"), EditorsNone, NeverMatches},
		{"an effect", strings.Replace(allow(`{"AWS": "`+root+`"}`, "kms:*", "*"), "Allow", "${effect}", 1), EditorsUnknown, StatusUnknown},
		{"whom a Deny is for", rootStatement + ", " + strings.Replace(allow(`{"AWS": "${suspended}"}`, "kms:*", "*"), "Allow", "Deny", 1), EditorsUnknown, StatusUnknown},
		{"whom a Deny is not for", rootStatement + ", " + strings.NewReplacer("Allow", "Deny", "Principal", "NotPrincipal").Replace(allow(`{"AWS": ["`+root+`", "${admin}"]}`, "kms:*", "*")), EditorsUnknown, StatusUnknown},
		{"a service", rootStatement + ", " + allow(`{"Service": "logs.${region}.amazonaws.com"}`, "kms:Decrypt", "*"), EditorsAlways, StatusUnknown},
		{"a value", strings.Replace(rootStatement, `"Resource"`, `"Condition": {"StringEquals": {"aws:PrincipalTag/team": "$(team)"}}, "Resource"`, 1), EditorsUnknown, StatusUnknown},
		{"a condition key", strings.Replace(rootStatement, `"Resource"`, `"Condition": {"StringEquals": {"aws:PrincipalTag/${tag}": "x"}}, "Resource"`, 1), EditorsUnknown, StatusUnknown},
		{"a variable of AWS", rootStatement + ", " + strings.Replace(allow(`{"AWS": "`+root+`"}`, "kms:Decrypt", "*"), `"Resource"`, `"Condition": {"StringEquals": {"aws:PrincipalTag/team": "${aws:username}"}}, "Resource"`, 1), EditorsAlways, Redundant},
	} {
		r := Analyze(statements(t, c.policy), testEnv())
		if r.Lockout.Editors != c.editors || r.Statements[len(r.Statements)-1].Status != c.status {
			t.Errorf("%s: editors %s, want %s; the statement is %s, want %s", c.name, r.Lockout.Editors, c.editors, r.Statements[len(r.Statements)-1].Status, c.status)
		}
		if c.editors == EditorsUnknown && !slices.ContainsFunc(r.Unknown, func(why Reason) bool { return why.Source == SourceWriter }) && !strings.Contains(c.name, "condition key") {
			t.Errorf("%s: the reason is not in %+v", c.name, r.Unknown)
		}
		if r.Public != No { // a principal that is not known is one principal
			t.Errorf("%s: public %s", c.name, r.Public)
		}
		if c.editors == EditorsUnknown && !strings.Contains(c.policy, "PrincipalTag/") {
			if got, err := Simulate(statements(t, c.policy), testEnv(), Request{Principal: "arn:aws:iam::111122223333:role/admin", Action: putKeyPolicy}); err != nil || got.Decision != Undecided {
				t.Errorf("%s: simulate says %s (%v)", c.name, got.Decision, err)
			}
		}
	}
}

// TestPlaceholderIsNotEveryone: a condition that asks for one value lets in who has it, whatever it will be, and no
// outsiders; one that asks for a pattern, or for something that others can have too, may let them in.
func TestPlaceholderIsNotEveryone(t *testing.T) {
	for conditions, want := range map[string]Answer{
		`"StringEquals": {"aws:PrincipalOrgID": "${org}"}`:                                                              No,
		`"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "${org}"]}`:                                            No,
		`"StringEquals": {"aws:PrincipalAccount": "<ACCOUNT_ID>"}`:                                                      No,
		`"StringEqualsIgnoreCase": {"aws:PrincipalArn": "{{ admin }}"}`:                                                 No,
		`"StringEquals": {"aws:SourceVpce": "$(endpoint)"}`:                                                             No,
		`"StringEqualsIfExists": {"aws:SourceVpce": "$(endpoint)"}`:                                                     Yes,
		`"StringNotEquals": {"aws:PrincipalOrgID": "${org}"}`:                                                           Yes,
		`"StringLike": {"aws:PrincipalOrgID": "${org}"}`:                                                                Unknown,
		`"StringEquals": {"kms:ViaService": "${service}"}`:                                                              Unknown,
		`"StringEquals": {"aws:PrincipalOrgID": "${org}"}, "StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}`: No,
	} {
		text := rootStatement + `, {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + conditions + `}}`
		a := NewAnalysis(statements(t, text), testEnv())
		if got, _ := a.Public(); got != want {
			t.Errorf("%s: public %s, want %s", conditions, got, want)
		}
		if got, _ := a.LetsOutsiderIn(1); got != want {
			t.Errorf("%s: the statement lets outsiders in: %s, want %s", conditions, got, want)
		}
	}
	deny := `, {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},
		{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "${org}"}}}`
	if got, _ := NewAnalysis(statements(t, rootStatement+deny), testEnv()).Public(); got != No {
		t.Errorf("a Deny of all but one organization: public %s", got)
	}
}

// TestAnElementThatIsYetToBeFilledIn is not one that AWS leaves open: a text may become the mapping that is due.
func TestAnElementThatIsYetToBeFilledIn(t *testing.T) {
	for _, c := range []struct {
		statement string
		kind      ReasonKind
	}{
		{`{"Effect": "Allow", "Principal": "${principals}", "Action": "kms:*", "Resource": "*"}`, ReasonNotYetKnown},
		{`{"Effect": "Allow", "Principal": "somebody", "Action": "kms:*", "Resource": "*"}`, ReasonOpen},
		{strings.Replace(rootStatement, `"Resource"`, `"Condition": "${conditions}", "Resource"`, 1), ReasonNotYetKnown},
		{strings.Replace(rootStatement, `"Resource"`, `"Condition": {"StringEquals": "{{ tags }}"}, "Resource"`, 1), ReasonNotYetKnown},
		{strings.Replace(rootStatement, `"Resource"`, `"Condition": {"StringEquals": "x"}, "Resource"`, 1), ReasonOpen},
	} {
		a := NewAnalysis(statements(t, c.statement), testEnv())
		if l := a.Lockout(); l.Editors != EditorsUnknown || a.Undecided(AskLockout) != c.kind {
			t.Errorf("%s: editors %s, undecided %q, %v", c.statement, l.Editors, a.Undecided(AskLockout), a.Unknown())
		}
	}
}
