package rules_test

import (
	"fmt"
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
// the account's own statement, so nothing is said of that.
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
