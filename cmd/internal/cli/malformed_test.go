package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// limited are statements that a condition limits: without it, a rule reports each of them.
var limited = map[string]string{
	"grants for AWS":      `"Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"kms:CreateGrant" Bool kms:GrantIsForAWSResource "true"`,
	"grants to one":       `"Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"kms:CreateGrant" StringEquals kms:GranteePrincipal "arn:aws:iam::111122223333:role/x"`,
	"grants of another":   `"Principal":{"AWS":"arn:aws:iam::444455556666:role/app"},"Action":"kms:CreateGrant" Bool kms:GrantIsForAWSResource "true"`,
	"replicas":            `"Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"kms:ReplicateKey" StringEquals kms:ReplicaRegion "eu-west-1"`,
	"service and account": `"Principal":{"Service":"sns.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey"] StringEquals aws:SourceAccount "111122223333"`,
	"service and ARN":     `"Principal":{"Service":"sns.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey"] ArnLike aws:SourceArn "arn:aws:sns:eu-central-1:111122223333:topic"`,
	"service and members": `"Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"kms:GenerateDataKey*" StringEquals aws:SourceOrgID "o-a1b2c3d4e5"`,
	"everyone, account":   `"Principal":"*","Action":"kms:Decrypt" StringEquals kms:CallerAccount "111122223333"`,
	"everyone, members":   `"Principal":"*","Action":"kms:Decrypt" StringEquals aws:PrincipalOrgID "o-a1b2c3d4e5"`,
	"everyone, roles":     `"Principal":"*","Action":"kms:Decrypt" ArnLike aws:PrincipalArn "arn:aws:iam::111122223333:role/app/*"`,
}

// TestMalformedConditionsAreReportedOnce holds that a condition with a fault of form is one finding: what it was to limit is not
// reported as unlimited, too.
func TestMalformedConditionsAreReportedOnce(t *testing.T) {
	set, err := rules.Load(t.Context(), rules.Options{Today: keypolicy.ExampleDay})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(limited)) {
		fields := strings.Split(limited[name], " ")
		operator, key, value := fields[1], fields[2], fields[3]
		_, rest, _ := strings.Cut(key, ":")
		base := strings.TrimRight(operator, "s")
		condition := func(operator, key, value string) string { return fmt.Sprintf(`{%q:{%q:%s}}`, operator, key, value) }
		for fault, written := range map[string]string{
			"an operator of another type":    condition("IpAddress", key, value),
			"a misspelt operator":            condition(base[:len(base)-1], key, value),
			"an operator in lower case":      condition(strings.ToLower(operator), key, value),
			"a misspelt key":                 condition(operator, key[:len(key)-1]+"x", value),
			"a key without its service":      condition(operator, rest, value),
			"a value that is a mapping":      condition(operator, key, `{"a":"b"}`),
			"a Null with neither true/false": condition("Null", key, `"yes"`),
		} {
			t.Run(name+"/"+fault, func(t *testing.T) {
				found := findingsOf(t, set, fmt.Sprintf(`{"Version":"2012-10-17","Statement":[
{"Sid":"Root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},
{"Sid":"Limited","Effect":"Allow",%s,"Resource":"*","Condition":%s}]}`, fields[0], written))
				if len(found) != 1 {
					t.Errorf("%s:\n%s", written, strings.Join(found, "\n"))
				}
			})
		}
		t.Run(name, func(t *testing.T) {
			found := findingsOf(t, set, fmt.Sprintf(`{"Version":"2012-10-17","Statement":[
{"Sid":"Root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},
{"Sid":"Limited","Effect":"Allow",%s,"Resource":"*","Condition":%s}]}`, fields[0], condition(operator, key, value)))
			if len(found) != 0 {
				t.Errorf("as it should be:\n%s", strings.Join(found, "\n"))
			}
		})
	}
}

// findingsOf are the errors and warnings of a document.
func findingsOf(t *testing.T, set *rules.Set, text string) []string {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Fatalf("not JSON: %s", text)
	}
	e, err := keypolicy.ReadExample(txtar.Format(&txtar.Archive{Files: []txtar.File{{Name: "a.json", Data: []byte(text)}}}))
	if err != nil {
		t.Fatal(err)
	}
	found, err := e.Check(t.Context(), set, keypolicy.ExampleDay)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range found {
		if d.Severity >= diag.Warning {
			out = append(out, keypolicy.FindingLine(d))
		}
	}
	return out
}
