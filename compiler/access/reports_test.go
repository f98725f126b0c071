package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestDeputiesOfNamedAccounts: a service that acts for accounts that a condition names does not act for any account.
func TestDeputiesOfNamedAccounts(t *testing.T) {
	for condition, want := range map[string]bool{
		`"StringEquals": {"aws:SourceAccount": ["444455556666", "777788889999"]}`:                                false,
		`"ArnLike": {"aws:SourceArn": ["arn:aws:sns:us-east-1:444455556666:*", "arn:aws:sns:*:777788889999:t"]}`: false,
		`"StringLike": {"aws:SourceAccount": ["444455556666", "7*"]}`:                                            true,
		`"StringEqualsIfExists": {"aws:SourceAccount": "444455556666"}`:                                          true,
		`"ArnLike": {"aws:SourceArn": ["arn:aws:sns:us-east-1:444455556666:*", "arn:aws:sns:us-east-1:*:t"]}`:    true,
		`"StringNotEquals": {"aws:SourceAccount": "444455556666"}`:                                               true,
		`"Null": {"aws:SourceArn": "false"}`:                                                                     true,
	} {
		doc := statements(t, rootStatement+`,{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {`+condition+`}}`)
		list := NewAnalysis(doc, testEnv()).ConfusedDeputy()
		if len(list) != 1 || list[0].AnyAccount != want {
			t.Errorf("%s: %+v, want one for any account: %v", condition, list, want)
		}
	}
}

// TestWitnessesAreWhole: a witness has real values, and the keys that come with others.
func TestWitnessesAreWhole(t *testing.T) {
	for _, c := range []struct {
		principal, condition string
		want                 map[string]string
	}{
		{`"*"`, `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}`, map[string]string{
			"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
		}},
		{`"*"`, `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-cd34/*"}`, map[string]string{
			"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-cd34/ou-ab12-11111111/",
		}},
		{`"*"`, `"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "AppName"}`, map[string]string{
			"kms:EncryptionContextKeys": "AppName", "kms:EncryptionContext:AppName": "example",
		}},
		{`{"Service": "sns.amazonaws.com"}`, `"Null": {"aws:SourceArn": "false"}`, map[string]string{"aws:SourceArn": "arn:aws:sns:us-east-1:999999999999:example"}},
		{`{"Service": "sns.amazonaws.com"}`, `"StringLike": {"aws:SourceArn": "*"}`, map[string]string{"aws:SourceArn": "arn:aws:sns:us-east-1:999999999999:example"}},
	} {
		doc := statements(t, `{"Effect": "Allow", "Principal": `+c.principal+`, "Action": "kms:Decrypt", "Resource": "*", "Condition": {`+c.condition+`}}`)
		a := NewAnalysis(doc, testEnv())
		var witnesses []Request
		for _, e := range a.External() {
			witnesses = append(witnesses, e.Witness)
		}
		for _, d := range a.ConfusedDeputy() {
			witnesses = append(witnesses, d.Witness)
		}
		if len(witnesses) == 0 {
			t.Errorf("%s: there is no witness", c.condition)
		}
		for _, w := range witnesses {
			for key, want := range c.want {
				if got := w.Context[key]; !slices.Equal(got, []string{want}) {
					t.Errorf("%s: of %s, %s is %v, want %s", c.condition, w.Principal, key, got, want)
				}
			}
		}
	}
}

// TestEditorsByKind: where only roles can have what the condition asks for, the account as a whole is not an editor.
func TestEditorsByKind(t *testing.T) {
	for condition, want := range map[string]string{
		`"StringLike": {"aws:userid": "AROAEXAMPLEID12345678:*"}`:        "arn:aws:iam::111122223333:role/*",
		`"StringEquals": {"aws:PrincipalType": "User"}`:                  "arn:aws:iam::111122223333:user/*",
		`"StringEquals": {"aws:PrincipalType": ["User", "AssumedRole"]}`: "arn:aws:iam::111122223333:root",
		`"StringEquals": {"aws:PrincipalType": "Account"}`:               "arn:aws:iam::111122223333:root",
	} {
		doc := statements(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*", "Condition": {`+condition+`}}`)
		if l := NewAnalysis(doc, testEnv()).Lockout(); !slices.Equal(l.Principals, []string{want}) {
			t.Errorf("%s: editors %v, want %s", condition, l.Principals, want)
		}
	}
}

// TestLiveForSomebody: a statement that gives something to one of its principals for sure is live, whatever is open of another.
func TestLiveForSomebody(t *testing.T) {
	doc := statements(t, rootStatement+`,{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app", "Service": "sns.amazonaws.com"},
		"Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}`)
	if got := NewAnalysis(doc, testEnv()).Statements()[1]; got.Status != Live {
		t.Errorf("the statement is %s (%s), want live", got.Status, got.Why)
	}
}

// TestReasonsOfSingleRequests: a Region that is not given is not known yet, and the reason says how to give it.
func TestReasonsOfSingleRequests(t *testing.T) {
	env := testEnv()
	env.KeyARN = ""
	for condition, want := range map[string]string{
		`"StringEquals": {"aws:RequestedRegion": "eu-central-1"}`:       "--region",
		`"StringNotLike": {"aws:RequestedRegion": "eu-*"}`:              "--region",
		`"StringEqualsIfExists": {"kms:CallerAccount": "111122223333"}`: "in a service's own request",
	} {
		doc := statements(t, `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {`+condition+`}}`)
		s, err := Simulate(doc, env, Request{Principal: "sns.amazonaws.com", Action: "kms:Decrypt"})
		if err != nil || s.Decision != Undecided || !strings.Contains(strings.Join(s.Reasons, " "), want) {
			t.Errorf("%s: %v %v, want a reason with %q (%v)", condition, s.Decision, s.Reasons, want, err)
		}
	}
}

// TestWitnessesNameRealServices: where a pattern leaves open which service a request comes through, the witness has one that KMS works with.
func TestWitnessesNameRealServices(t *testing.T) {
	for _, pattern := range []string{"*", "s*", "*.us-east-1.amazonaws.com", "*-*"} {
		d := Diff(statements(t, rootStatement), statements(t, rootStatement+`, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:Decrypt", "Resource": "*",
			"Condition": {"StringLike": {"kms:ViaService": "`+pattern+`"}}}`), testEnv(), testEnv())
		if len(d.Added) == 0 {
			t.Fatalf("%s: nothing is added", pattern)
		}
		for _, c := range d.Added {
			via := c.Witness.Context["kms:ViaService"]
			prefix, region, ok := facts.SplitViaService(strings.Join(via, ""))
			if !ok || region != "us-east-1" || !slices.ContainsFunc(facts.ViaServices(), func(s facts.ViaService) bool { return s.Prefix == prefix }) {
				t.Errorf("%s: the witness comes through %q", pattern, via)
			}
		}
	}
}

// TestUsersByNameHaveNoPath: a condition on names takes users of every path in alike, so each is named once, by its name.
func TestUsersByNameHaveNoPath(t *testing.T) {
	for condition, want := range map[string][]string{
		`"StringLike": {"aws:username": "admin-*"}`:       {"arn:aws:iam::111122223333:user/admin-*"},
		`"StringEquals": {"aws:username": "carol"}`:       {"arn:aws:iam::111122223333:user/carol"},
		`"StringLike": {"aws:username": ["a*", "carol"]}`: {"arn:aws:iam::111122223333:user/a*", "arn:aws:iam::111122223333:user/carol"},
	} {
		doc := statements(t, `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {`+condition+`}}`)
		if got := NewAnalysis(doc, testEnv()).Lockout().Principals; !slices.Equal(got, want) {
			t.Errorf("%s: editors %q, want %q", condition, got, want)
		}
	}
}
