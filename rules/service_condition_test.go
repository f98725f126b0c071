package rules_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// servicesPerPolicy keeps the policies of TestAWiderConditionOfAServiceIsNeverMilder small.
const servicesPerPolicy = 12

// TestAWiderConditionOfAServiceIsNeverMilder: of each service and action, the worst finding of a statement under a condition on
// for whom the service acts is no worse than that of the same statement under a wider condition, or under none.
func TestAWiderConditionOfAServiceIsNeverMilder(t *testing.T) {
	set := load(t, rules.Options{})
	conditions := []struct{ name, text string }{ // each lets in what the ones before it do
		{"own account", `{"StringEquals": {"aws:SourceAccount": "111122223333"}}`},
		{"own account and another", `{"StringEquals": {"aws:SourceAccount": ["111122223333", "444455556666"]}}`},
		{"any account", `{"StringLike": {"aws:SourceAccount": "*"}}`},
		{"any account, or none", `{"StringLikeIfExists": {"aws:SourceAccount": "*"}}`},
		{"none", ""},
	}
	stranger := `{"StringEquals": {"aws:SourceAccount": "444455556666"}}`
	var names []string
	for _, p := range facts.ServicePrincipals() {
		names = append(names, strings.ReplaceAll(p.Name, "REGION", "eu-central-1"))
	}
	for _, actions := range [][]string{
		{"kms:Decrypt"}, {"kms:GenerateDataKey*"}, {"kms:Decrypt", "kms:GenerateDataKey*"}, {"kms:CreateGrant"}, {"kms:*"}, {"kms:DescribeKey"}, {"kms:PutKeyPolicy"},
	} {
		for chunk := range slices.Chunk(names, servicesPerPolicy) {
			worst := map[string]int{} // under the conditions so far
			named := worstOfServices(t, set, chunk, actions, stranger)
			for i, c := range conditions {
				found := worstOfServices(t, set, chunk, actions, c.text)
				for _, service := range chunk {
					if i > 0 && found[service] < worst[service] {
						t.Errorf("%s, %v: the worst finding under %s is %d, and %d under a narrower condition", service, actions, c.name, found[service], worst[service])
					}
					if i > 0 && found[service] < named[service] {
						t.Errorf("%s, %v: the worst finding under %s is %d, and %d under another account's SourceAccount", service, actions, c.name, found[service], named[service])
					}
					worst[service] = max(worst[service], found[service])
				}
			}
		}
	}
}

// worstOfServices is how severe the worst finding is of a statement of each service: 0 where there is none.
func worstOfServices(t *testing.T, set *rules.Set, services, actions []string, condition string) map[string]int {
	t.Helper()
	list, err := json.Marshal(actions)
	if err != nil {
		t.Fatal(err)
	}
	if condition != "" {
		condition = `, "Condition": ` + condition
	}
	text := `{"Version": "2012-10-17", "Statement": [{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
	for i, service := range services {
		text += fmt.Sprintf(`, {"Sid": "Service%d", "Effect": "Allow", "Principal": {"Service": %q}, "Action": %s, "Resource": "*"%s}`, i, service, list, condition)
	}
	worst := map[string]int{}
	for _, d := range judge(t, set, "a.json", text+"]}") {
		for i, service := range services {
			if !aboutTheCondition(d.Rule) && d.Statement == fmt.Sprintf("Service%d", i) {
				worst[service] = max(worst[service], 1+int(d.Severity-diag.Info))
			}
		}
	}
	return worst
}

// aboutTheCondition are rules that say that a condition limits nothing, or keeps the service itself out, and not what it lets
// in: EventBridge, for example, does not send aws:SourceAccount to encrypted topics.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func aboutTheCondition(rule string) bool {
	return slices.Contains([]string{"statement-always-matches-condition", "source-key-unsupported"}, rule)
}
