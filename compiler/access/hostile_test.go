package access

import (
	"fmt"
	"strings"
	"testing"
)

// TestBudgetEndsInUnknown: a question that goes over its budget is unknown, with a reason, and never a NO.
func TestBudgetEndsInUnknown(t *testing.T) {
	env := testEnv()
	env.Budget.Steps = 3_000
	r := Analyze(statements(t, hardPolicy(12, 40)), env)
	if r.Lockout.Editors == EditorsNone || len(r.Unknown) == 0 && r.Lockout.Editors != EditorsConditional {
		t.Errorf("editors %s, unknown %v", r.Lockout.Editors, r.Unknown)
	}
}

// TestHostilePoliciesEnd: what has more classes than the budget is unknown, not slow and not wrong.
func TestHostilePoliciesEnd(t *testing.T) {
	var globs []string
	for i := range 40 {
		globs = append(globs, fmt.Sprintf(`"*%c%c*"`, 'a'+i%20, 'b'+i/2))
	}
	infix := strings.Join(globs, ",")
	for name, text := range map[string]string{ // each lets an outsider in
		"infix globs on a key":   `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/a": [` + infix + `]}}}`,
		"infix globs on callers": `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/*a*b*", "arn:aws:iam::*1*2*:role/*", "arn:aws:iam::*:user/*c*d*e*"]}}}`,
		"infix actions":          `{"Effect": "Allow", "Principal": "*", "Action": ["kms:*a*", "kms:*b*", "kms:*c*d*", "kms:?e*", "kms:*f?"], "Resource": "*"}`,
		"formula":                hardPolicy(40, 120),
		"sets":                   `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"ForAnyValue:StringLike": {"kms:EncryptionContextKeys": [` + infix + `]}, "ForAllValues:StringLike": {"kms:EncryptionContextKeys": ["a*", "*b", "?c*"]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := Analyze(statements(t, text), testEnv())
			if name != "formula" && r.Public == No || r.Lockout.Editors == EditorsNone && strings.Contains(text, `"kms:*"`) && name != "sets" {
				t.Errorf("public %s, editors %s: %v", r.Public, r.Lockout.Editors, r.Unknown)
			}
		})
	}
}
