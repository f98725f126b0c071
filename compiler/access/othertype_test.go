package access

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestAnOperatorForAnotherTypeExcludesNobody: what one statement compares says nothing of the requests that there are. Beside a statement
// whose operator is for another type than the key's, an account that may change the policy still may.
func TestAnOperatorForAnotherTypeExcludesNobody(t *testing.T) {
	values := map[string]string{"Numeric": "30", "Date": "2030-01-31T00:00:00Z", "IpAddress": "203.0.113.0/24", "Bool": "true", "Arn": "arn:aws:iam::111122223333:role/app", "String": "app", "Binary": "YXBw"}
	tried := 0
	for i, k := range facts.ConditionKeys() {
		name := k.Spell("team")
		if k.Numbers != nil {
			name = k.Spell("0")
		}
		for j, o := range facts.Operators() {
			if o.Family == "Null" || (i+j)%2 != 0 {
				continue
			}
			effect := []string{"Allow", "Deny"}[(i+j)/2%2]
			who := "arn:aws:iam::111122223333:role/app"
			if effect == "Allow" {
				who = "arn:aws:iam::444455556666:root"
			}
			operator := o.Name
			if k.Multivalued {
				operator = "ForAnyValue:" + operator
			}
			doc := statements(t, rootStatement+`,{"Effect": "`+effect+`", "Principal": {"AWS": "`+who+`"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": `+
				string(mustJSON(map[string]any{operator: map[string]any{name: values[o.Family]}}))+`}`)
			tried++
			if report := Analyze(doc, testEnv()); report.Lockout.Editors != EditorsAlways {
				t.Errorf("%s of %s on %s: editors %s", effect, operator, name, report.Lockout.Editors)
			}
		}
	}
	if tried < 800 {
		t.Errorf("%d statements were tried, want more", tried)
	}
}
