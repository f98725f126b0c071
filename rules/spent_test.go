package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// tooLarge is a policy that takes more than the budget of an analysis: an Allow and a Deny with many patterns each.
func tooLarge() string {
	list := func(letter string) string {
		var roles []string
		for i := range 400 {
			roles = append(roles, fmt.Sprintf(`"arn:aws:iam::*:role/*%s%d*"`, letter, i))
		}
		return strings.Join(roles, ",")
	}
	statement := `,{"Effect": %q, "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": [%s]}}}`
	return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}` +
		fmt.Sprintf(statement, "Allow", list("a")) + fmt.Sprintf(statement, "Deny", list("b")) + "]}"
}

// What is not known may be something to judge: a rule that waits for outsiders or deputies is asked, and sees why.
func TestRulesAreAskedAboutAnswersThatAreNotKnown(t *testing.T) {
	for trigger, field := range map[string]string{"access.external": "external", "access.confused_deputy": "confused_deputy"} {
		rule := ruleOf("findings contains lib.at([], \"m\") if {\n\tinput.access." + field + " == []\n\tinput.access." + field + "_undecided == \"budget\"\n}\n")
		rule = strings.Replace(rule, "#   remedy", "#   when: ["+trigger+"]\n#   remedy", 1)
		rule = strings.Replace(rule, "subject: statement", "subject: policy", 1)
		set := load(t, rules.Options{Only: "mine", User: []rules.Folder{folder(map[string]string{"mine.rego": rule})}})
		if got := judge(t, set, "a.json", tooLarge()); len(got) != 1 {
			t.Errorf("%s: found %+v", trigger, got)
		}
	}
}

// A gate must not pass what it could not decide: that the policy may be public is an error. Who can change it is settled by
// the account statement, so nothing is said of that.
func TestASpentBudgetIsAnErrorOfTheRuleThatAsked(t *testing.T) {
	found := judge(t, load(t, rules.Options{}), "a.json", tooLarge())
	public := only(found, "public-access")
	if len(public) == 0 || public[0].Severity != diag.Error || !strings.Contains(public[0].Message, "could not be decided") {
		t.Errorf("found %+v", found)
	}
	if editors := only(found, "no-policy-editor"); len(editors) > 0 {
		t.Errorf("found %+v", editors)
	}
}

// spending is a policy that takes more than the budget, with one more statement: each of its n own is for two keys.
func spending(n int, own string, more ...string) string {
	list := []string{`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`}
	for i := range n {
		list = append(list, fmt.Sprintf(`{%s, "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a%d": "${aws:PrincipalTag/b%d}"}}}`, own, i, i))
	}
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(append(list, more...), ",") + "]}"
}

// TestAGateNeverPassesWhatItCouldNotDecide: a policy that takes more than the budget is an error of each rule that asks who
// gets in or who can change it, and a finding of each that asks for less.
func TestAGateNeverPassesWhatItCouldNotDecide(t *testing.T) {
	const service = `"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt"`
	attested := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RecipientAttestation:ImageSha384": "abc"}}}`
	set := load(t, rules.Options{})
	for rule, test := range map[string]struct {
		policy   string
		severity diag.Severity
	}{
		"no-policy-editor":               {spending(400, `"Effect": "Deny", "Principal": "*", "Action": "kms:*"`), diag.Error},
		"public-access":                  {spending(200, `"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt"`), diag.Error},
		"service-principal-unrestricted": {spending(200, service), diag.Error},
		"enclave-attestation-bypass":     {spending(200, `"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt"`, attested), diag.Error},
		"no-reader":                      {spending(400, `"Effect": "Deny", "Principal": "*", "Action": "kms:*"`), diag.Warning},
		"no-deletion-canceller":          {spending(400, `"Effect": "Deny", "Principal": "*", "Action": "kms:*"`), diag.Info},
	} {
		found := only(judge(t, set, "a.json", test.policy), rule)
		if len(found) == 0 || !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Severity == test.severity }) {
			t.Errorf("%s: found %+v", rule, found)
		}
	}
}
