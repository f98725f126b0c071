package rules_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// aCondition is one condition of one statement, and what is around it.
type aCondition struct {
	key, value, effect, principal, action string
}

// ofForm has a value of each form, and of each type without one.
var ofForm = map[string]string{
	"account_id": "111122223333", "organization_id": "o-a1b2c3d4e5", "organization_path": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
	"vpc_id": "vpc-0123456789abcdef0", "vpc_endpoint_id": "vpce-0123456789abcdef0", "arn": "arn:aws:iam::111122223333:role/app",
	"principal_arn": "arn:aws:iam::111122223333:role/app", "region": "eu-west-1", "service_name": "athena.amazonaws.com",
	"via_service": "s3.us-east-1.amazonaws.com", "kms:calleraccount": "111122223333", "aws:principalaccount": "111122223333",
	"aws:principaltype": "User", "aws:userid": "AROAEXAMPLEIDEXAMPLE1:app", "kms:requestalias": "alias/app", "kms:resourcealiases": "alias/app",
	"String": "app", "Bool": "true", "Numeric": "90", "Date": "2030-01-31T00:00:00Z", "IP": "203.0.113.7/32",
}

// suffixOf makes a name of a family of keys.
func suffixOf(k facts.ConditionKey) string {
	if k.Numbers != nil {
		return "0"
	}
	return "team"
}

// conditionOn is a condition on a key, with a value that it can have.
func conditionOn(k facts.ConditionKey, at int) aCondition {
	name := k.Spell(suffixOf(k))
	c := aCondition{key: name, action: "kms:Decrypt", effect: []string{"Allow", "Deny"}[at%2]}
	c.principal = []string{`"*"`, `{"AWS": "arn:aws:iam::111122223333:root"}`, `{"AWS": "arn:aws:iam::111122223333:role/app"}`, `{"AWS": "arn:aws:iam::444455556666:root"}`}[at/2%4]
	if k.Operations != nil && !slices.Contains(k.Operations, "Decrypt") {
		c.action = "kms:" + k.Operations[0]
	}
	for _, of := range []string{strings.ToLower(name), access.ValueForm(name), k.Type} {
		if c.value == "" {
			c.value = ofForm[of]
		}
	}
	if len(k.Values) > 0 {
		c.value = k.Values[0]
	}
	if strings.HasPrefix(name, "kms:RecipientAttestation:") {
		c.value = strings.Repeat("ab", 48)
	}
	return c
}

// reports are the rules that report something of the policy with the condition under an operator.
func (c aCondition) reports(t *testing.T, set *rules.Set, operator string) map[string]bool {
	t.Helper()
	condition, err := json.Marshal(map[string]any{operator: map[string]any{c.key: c.value}})
	if err != nil {
		t.Fatal(err)
	}
	found := judge(t, set, "a.json", policyWith(`"Effect": "`+c.effect+`", "Principal": `+c.principal+`, "Action": "`+c.action+`", "Condition": `+string(condition)))
	names := map[string]bool{}
	for _, d := range found {
		if d.Severity >= diag.Warning {
			names[d.Rule] = true
		}
	}
	return names
}

// TestAMalformedConditionIsOneFinding puts every condition key under every operator that does not compare it: what is reported beside
// the operator is reported of the condition with an operator for its type too, so it is a fault of its own, or everyone gets in. KEYPOLICY_ROUNDS=1 tries
// each pair with every effect and principal.
func TestAMalformedConditionIsOneFinding(t *testing.T) {
	set := load(t, rules.Options{})
	ways := 1
	if os.Getenv("KEYPOLICY_ROUNDS") == "1" {
		ways = 8
	}
	tried := 0
	for i, k := range facts.ConditionKeys() {
		for j, o := range facts.Operators() {
			well := slices.DeleteFunc(facts.Operators(), func(w facts.Operator) bool {
				return w.Negated != o.Negated || !slices.Contains(k.OperatorFamilies, w.Family)
			})
			if o.Family == "Null" || slices.Contains(k.OperatorFamilies, o.Family) || len(well) == 0 || ways == 1 && (i+j)%3 != 0 {
				continue
			}
			for way := range ways {
				at := (i+j)/3 + way
				c := conditionOn(k, at)
				around := ""
				if k.Multivalued {
					around = "ForAnyValue:"
				}
				tried++
				extra := c.reports(t, set, around+o.Name)
				if !extra["operator-type-mismatch"] {
					continue // it compares the text
				}
				delete(extra, "operator-type-mismatch")
				if o.Negated {
					delete(extra, "public-access") // everyone gets in
				}
				for i := 0; i < len(well) && len(extra) > 0; i++ {
					for name := range c.reports(t, set, around+well[i].Name) {
						delete(extra, name)
					}
				}
				for name := range extra {
					t.Errorf("%s %s to %s with %s on %s: %s too", c.effect, c.action, c.principal, o.Name, c.key, name)
				}
			}
		}
	}
	if tried < 300 {
		t.Errorf("%d conditions tried", tried)
	}
}

// A value without the form that the key's values have is reported where it is, once, whatever else is around it.
func TestAValueWithoutItsFormIsReportedAtTheValue(t *testing.T) {
	set := load(t, rules.Options{})
	tried := 0
	for i, k := range facts.ConditionKeys() {
		form := access.ValueForm(k.Spell(suffixOf(k)))
		if form == "" || k.Values != nil {
			continue
		}
		for way, operator := range []string{"StringEquals", "StringLike", "StringEqualsIgnoreCase", "StringNotEquals"} {
			c := conditionOn(k, 2+2*(i+way)) // an Allow, sometimes to everyone
			if k.Multivalued {
				operator = "ForAnyValue:" + operator
			}
			c.value = "no value"
			text, err := json.Marshal(map[string]any{operator: map[string]any{c.key: c.value}})
			if err != nil {
				t.Fatal(err)
			}
			policy := policyWith(`"Effect": "Allow", "Principal": ` + c.principal + `, "Action": "` + c.action + `", "Condition": ` + string(text))
			var at, elsewhere []string
			for _, d := range judge(t, set, "a.json", policy) {
				switch {
				case d.Severity < diag.Error:
				case policy[d.Place.Range.Start.Offset:d.Place.Range.End.Offset] == `"no value"`:
					at = append(at, d.Rule)
				default:
					elsewhere = append(elsewhere, d.Rule)
				}
			}
			tried++
			// Whom a Not operator lets in, or all who may use an alias, is a fault of its own.
			if len(at) != 1 || len(elsewhere) > 0 && c.principal != `"*"` {
				t.Errorf("%s on %s (%s) to %s: %q, and elsewhere %q", operator, c.key, form, c.principal, at, elsewhere)
			}
		}
	}
	if tried < 80 {
		t.Errorf("%d conditions tried", tried)
	}
}

// A text key never has an address under IpAddress, so the operator for texts is not what was meant.
func TestNoOperatorIsProposedForAnAddressOfATextKey(t *testing.T) {
	set := load(t, rules.Options{Only: "operator-type-mismatch"})
	for condition, proposed := range map[string]bool{
		`{"IpAddress": {"aws:userid": "203.0.113.0/24"}}`:                        false,
		`{"IpAddress": {"aws:PrincipalTag/net": "203.0.113.0/24"}}`:              true,
		`{"NumericEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}`: true,
	} {
		found := judge(t, set, "a.json", policyWith(toRole+`, "Action": "kms:Decrypt", "Condition": `+condition))
		if len(found) != 1 || (len(found[0].Edits) > 0) != proposed {
			t.Errorf("%s: %+v", condition, found)
		}
	}
}
