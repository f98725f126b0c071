package uses_test

import (
	"fmt"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// Policies in forms that people write, each with what it makes of a use and what is in the way first.
func TestFormsOfPolicies(t *testing.T) {
	allow := func(principal, actions, condition string) string {
		return fmt.Sprintf(`{"Sid": "S", "Effect": "Allow", "Principal": %s, "Action": %s, "Resource": "*"%s}`, principal, actions, conditioned(condition))
	}
	deny := func(principals, action, condition string) string {
		return fmt.Sprintf(`{"Sid": "D", "Effect": "Deny", %s, "Action": %q, "Resource": "*"%s}`, principals, action, conditioned(condition))
	}
	const (
		everyone    = `"Principal": "*"`
		logsActions = `["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]`
		topic       = `["kms:GenerateDataKey*", "kms:Decrypt"]`
		logs        = `{"Service": "logs.us-east-1.amazonaws.com"}`
		linked      = `{"AWS": "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}`
		ebsActions  = `["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]`
	)
	plain := allow(logs, logsActions, "")
	for _, test := range []struct {
		name, use string
		given     map[string][]string
		policy    []string
		want      uses.Verdict
		obstacle  uses.ObstacleKind // "" where nothing is in the way, or there is nothing to be in it
	}{
		{"a wildcard under ArnEquals", "cloudwatch-logs", nil, []string{allow(logs, logsActions, `{"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:*"}}`)}, uses.Fulfilled, ""},
		{"a wildcard under StringEquals", "cloudwatch-logs", map[string][]string{"log_group": {"/app/api"}}, []string{allow(logs, logsActions, `{"StringEquals": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:*"}}`)}, uses.Refused, uses.OtherCondition},
		{"log groups of another account", "cloudwatch-logs", nil, []string{allow(logs, logsActions, `{"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:999988887777:*"}}`)}, uses.Refused, uses.OtherCondition},
		{"the service in another Region", "cloudwatch-logs", nil, []string{allow(`{"Service": "logs.eu-west-1.amazonaws.com"}`, logsActions, "")}, uses.Refused, uses.OtherPrincipal},
		{"a key that is not sent, asked for where it is", "eventbridge-to-sns", nil, []string{allow(`{"Service": "events.amazonaws.com"}`, topic, `{"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}`)}, uses.Fulfilled, ""},
		{"a key that is not sent", "eventbridge-to-sns", nil, []string{allow(`{"Service": "events.amazonaws.com"}`, topic, `{"StringEquals": {"aws:SourceAccount": "111122223333"}}`)}, uses.Refused, uses.OtherCondition},
		{"one action of two", "eventbridge-to-sns", nil, []string{allow(`{"Service": "events.amazonaws.com"}`, `"kms:GenerateDataKey"`, "")}, uses.Refused, uses.OtherActions},
		{"everyone for a source account", "cloudwatch-alarms", nil, []string{allow(`"*"`, topic, `{"StringEquals": {"aws:SourceAccount": "111122223333"}}`)}, uses.Fulfilled, ""},
		{"DescribeKey with an encryption context", "cloudtrail", nil, []string{allow(`{"Service": "cloudtrail.amazonaws.com"}`, `["kms:GenerateDataKey*", "kms:DescribeKey"]`, `{"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}`)}, uses.Refused, uses.OtherCondition},
		{"a Deny for other organizations", "cloudwatch-logs", nil, []string{plain, deny(everyone, "kms:*", `{"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`)}, uses.Refused, uses.DenyStatement},
		{"the same but for services", "cloudwatch-logs", nil, []string{plain, deny(everyone, "kms:*", `{"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, "Bool": {"aws:PrincipalIsAWSService": "false"}}`)}, uses.Fulfilled, ""},
		{"the same with IfExists", "cloudwatch-logs", nil, []string{plain, deny(everyone, "kms:*", `{"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}`)}, uses.Fulfilled, ""},
		{"a Deny for requests without encryption context", "cloudwatch-logs", nil, []string{plain, deny(everyone, "kms:Encrypt", `{"Null": {"kms:EncryptionContextKeys": "true"}}`)}, uses.Fulfilled, ""},
		{"a Deny for all but the root user", "cloudwatch-logs", nil, []string{plain, deny(`"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}`, "kms:Decrypt", "")}, uses.Refused, uses.DenyStatement},
		{"a Deny for all but the service", "cloudwatch-logs", nil, []string{plain, deny(`"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root", "Service": "logs.us-east-1.amazonaws.com"}`, "kms:Decrypt", "")}, uses.Fulfilled, ""},
		{"a Deny through the service", "s3", nil, []string{root, deny(everyone, "kms:Decrypt", `{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}`)}, uses.Refused, uses.DenyStatement},
		{"a Deny of grants but for AWS services", "redshift", nil, []string{root, deny(everyone, "kms:CreateGrant", `{"Bool": {"kms:GrantIsForAWSResource": "false"}}`)}, uses.NeedsIdentity, ""},
		{"a service-linked role without grants", "auto-scaling", nil, []string{allow(linked, ebsActions, "")}, uses.Refused, uses.OtherActions},
		{"a service-linked role with grants for AWS services", "auto-scaling", nil, []string{allow(linked, ebsActions, ""), allow(linked, `"kms:CreateGrant"`, `{"Bool": {"kms:GrantIsForAWSResource": "true"}}`)}, uses.Fulfilled, ""},
		{"the service of another partition", "config", nil, []string{allow(`{"Service": "config.amazonaws.com.cn"}`, `["kms:Decrypt", "kms:GenerateDataKey"]`, "")}, uses.Refused, uses.OtherPrincipal},
	} {
		t.Run(test.name, func(t *testing.T) {
			use, ok := facts.LookupUse(test.use)
			if !ok {
				t.Fatalf("there is no use %s", test.use)
			}
			answer := ask(t, uses.Asked{Use: use, Given: test.given}, test.policy...)
			var obstacle uses.ObstacleKind
			for _, r := range answer.Requests {
				if r.Verdict == uses.Refused && len(r.Obstacles) > 0 && obstacle == "" {
					obstacle = r.Obstacles[0].Kind
				}
			}
			if answer.Verdict != test.want || obstacle != test.obstacle {
				t.Errorf("%s, %q; want %s, %q: %+v", answer.Verdict, obstacle, test.want, test.obstacle, answer.Requests)
			}
		})
	}
}

func conditioned(condition string) string {
	if condition == "" {
		return ""
	}
	return `, "Condition": ` + condition
}
