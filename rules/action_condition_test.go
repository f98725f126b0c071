package rules_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/rules"
)

// policyWith is a policy of the account statement and another.
func policyWith(statement string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
  {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "Other", %s, "Resource": "*"}]}`, statement)
}

const toRole = `"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}`

func TestAnActionThatMayBeNewerThanTheFactsIsNoError(t *testing.T) {
	text := policyWith(toRole + `, "Action": ["kms:BrandNewThing", "kms:Decript"]`)
	for today, want := range map[string][]string{
		"":           {"error ", "error "},
		"2026-10-01": {"error ", "error "},
		"2030-01-01": {"info facts-older-than-action", "error "},
	} {
		var got []string
		for _, d := range only(judge(t, load(t, rules.Options{Today: today}), "a.json", text), "unknown-action") {
			got = append(got, d.Severity.String()+" "+d.Reason)
		}
		if !slices.Equal(got, want) {
			t.Errorf("on %q it is %q, not %q", today, got, want)
		}
	}
}

// One fault is reported by one rule: what makes a statement dead by the rule on that, and not again as a statement that
// never matches.
func TestWhatMakesAStatementDeadIsReportedOnce(t *testing.T) {
	set := load(t, rules.Options{})
	dead := []string{"error", "warning"}
	for condition, want := range map[string]string{
		`{"StringEquals": {"kms:ViaServices": "s3.eu-central-1.amazonaws.com"}}`:                                "unknown-condition-key",
		`{"StringEquals": {"kms:ViaService": "s3.amazonaws.com"}}`:                                              "via-service-format",
		`{"StringEquals": {"aws:SourceIp": "203.0.113.0/24"}}`:                                                  "operator-type-mismatch",
		`{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`:                                                         "private-ip-in-source-ip",
		`{"Bool": {"kms:GrantIsForAWSResource": "true"}}`:                                                       "condition-needs-action",
		`{"StringEquals": {"kms:CallerAccount": "1234"}}`:                                                       "account-condition-format",
		`{"StringEquals": {"kms:KeySpec": "AES"}}`:                                                              "condition-value-enum",
		`{"StringEquals": {"aws:SourceAccount": "111122223333"}}`:                                               "statement-never-matches",
		`{"StringEquals": {"kms:CallerAccount": "111122223333"}, "StringLike": {"kms:CallerAccount": "4444*"}}`: "statement-never-matches",
	} {
		var got []string
		for _, d := range judge(t, set, "a.json", policyWith(toRole+`, "Action": "kms:Decrypt", "Condition": `+condition)) {
			if slices.Contains(dead, d.Severity.String()) {
				got = append(got, d.Rule)
			}
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("%s is reported by %q, not only by %s", condition, got, want)
		}
	}
}

func TestInputTakesTheValuesOfConditionsApart(t *testing.T) {
	in := inputAbout(t, rules.Statement, "a.json", `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {
		"StringEquals": {"kms:ViaService": ["ebs.eu-central-1.amazonaws.com", "s3.amazonaws.com"], "kms:KeyUsage": "SIGNVERIFY"},
		"IpAddress": {"aws:SourceIp": ["10.1.2.3/8", "203.0.113.7", "x"]},
		"DateLessThan": {"aws:CurrentTime": ["2026-01-31T12:00:00Z", "1767225600", "soon", "${aws:CurrentTime}"]}}}}`)
	value := func(condition, i int, field ...any) any {
		return at(t, in, append([]any{"statement", "conditions", condition, "values", i}, field...)...)
	}
	for name, c := range map[string]struct{ got, want any }{
		"service":       {value(0, 0, "via", "service"), "ebs"},
		"confused":      {value(0, 0, "via", "nearest"), "ec2"},
		"no region":     {value(0, 1, "via", "service"), ""},
		"enum":          {value(1, 0, "possible"), false},
		"nearest":       {value(1, 0, "nearest"), "SIGN_VERIFY"},
		"private":       {value(2, 0, "network", "private"), true},
		"range":         {value(2, 0, "network", "range"), "10.0.0.0/8"},
		"public":        {value(2, 1, "network", "private"), false},
		"no address":    {value(2, 2, "parses"), false},
		"date":          {value(3, 0, "day"), "2026-01-31"},
		"epoch":         {value(3, 1, "day"), "2026-01-01"},
		"not a date":    {value(3, 2, "parses"), false},
		"a variable":    {value(3, 3, "parses"), true},
		"is a variable": {value(3, 3, "variable"), true},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, not %v", name, c.got, c.want)
		}
	}
}
