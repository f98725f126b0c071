package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// AWS announced that KMS refuses statements without a valid Action and Resource, though the API reference says otherwise.
func TestStatementsThatAWSAnnouncedToRefuseAreReportedSo(t *testing.T) {
	set := load(t, rules.Options{})
	for elements, rule := range map[string]string{
		`"Resource": "*"`:                            "missing-action",
		`"Action": [], "Resource": "*"`:              "missing-action",
		`"NotAction": [], "Resource": "*"`:           "missing-action",
		`"Action": "kms:Decrypt"`:                    "missing-resource",
		`"Action": "kms:Decrypt", "Resource": []`:    "missing-resource",
		`"Action": "kms:Decrypt", "NotResource": []`: "missing-resource",
	} {
		for _, effect := range []string{"Allow", "Deny"} {
			text := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
  {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "Use", "Effect": %q, "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, %s}]}`, effect, elements)
			found := judge(t, set, "a.json", text)
			if len(only(found, rule)) != 1 || !strings.Contains(only(found, rule)[0].Message, "AWS announced that KMS refuses it since 18 August 2025") {
				t.Errorf("%s of %s: %s finds %+v", effect, elements, rule, only(found, rule))
			}
			for _, d := range found {
				if strings.Contains(d.Message+d.Help, "KMS accepts") {
					t.Errorf("%s of %s: %s says %q, %q", effect, elements, d.Rule, d.Message, d.Help)
				}
			}
		}
	}
}

// Only the console's editor refuses the bare "*": https://github.com/aws/aws-cdk/issues/12511
func TestTheBareWildcardPrincipalIsNotReportedAsRefused(t *testing.T) {
	text := `{"Version": "2012-10-17", "Statement": [
  {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "No deletion", "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}]}`
	for _, d := range judge(t, load(t, rules.Options{}), "a.json", text) {
		if d.Severity > diag.Info || strings.Contains(d.Message+d.Help, "refuses") {
			t.Errorf("%s: %s: %s", d.Rule, d.Message, d.Help)
		}
	}
}
