package uses_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// Where any user or role will do, the answer is that of the one that comes nearest, wherever in the policy it is, and says so. What
// is in the way is in the statement that names it, rather than in its account's.
func TestAnyUserOrRoleWillDo(t *testing.T) {
	allow := func(sid, role, actions string) string {
		return fmt.Sprintf(`{"Sid": %q, "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:%s"}, "Action": %s, "Resource": "*"}`, sid, role, actions)
	}
	const ebs = `["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"]`
	readers := []string{allow("Root", "root", `["kms:Get*", "kms:List*", "kms:Put*"]`)}
	for i := range 20 {
		readers = append(readers, allow(fmt.Sprintf("R%d", i), fmt.Sprintf("role/reader-%d", i), `"kms:DescribeKey"`))
	}
	readers = slices.Clip(readers)
	users := func(name string) map[string][]string {
		return map[string][]string{"users": {"arn:aws:iam::111122223333:role/" + name}}
	}
	for _, test := range []struct {
		name      string
		given     map[string][]string
		policy    []string
		want      uses.Verdict
		caller    uses.Caller
		principal string
		at        int // the statement that is in the way first; -1 where there is none
	}{
		{"the last of many", nil, append(readers, allow("Full", "role/full", ebs)), uses.Fulfilled, uses.NearestCaller, "full", -1},
		{"none of many", nil, append(readers, allow("Half", "role/half", `["kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey"]`)), uses.Refused, uses.NearestCaller, "half", len(readers)},
		{"that which is given", users("reader-3"), append(readers, allow("Full", "role/full", ebs)), uses.Refused, uses.GivenCaller, "reader-3", 4},
		{"none is named", nil, readers[:1], uses.Refused, uses.ExampleCaller, "example", 0},
		{"another one is given", users("other"), readers, uses.Refused, uses.GivenCaller, "other", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			use, ok := facts.LookupUse("ebs")
			if !ok {
				t.Fatal("there is no use ebs")
			}
			answer := ask(t, uses.Asked{Use: use, Given: test.given}, test.policy...)
			at := -1
			for _, r := range answer.Requests {
				if r.Caller != test.caller || r.Principal != "arn:aws:iam::111122223333:role/"+test.principal {
					t.Errorf("%s is from %s, %q; want %s, %q", r.Written, r.Principal, r.Caller, test.principal, test.caller)
				}
				if r.Verdict == uses.Refused && len(r.Obstacles) > 0 && at < 0 {
					at = r.Obstacles[0].Statement
				}
			}
			if answer.Verdict != test.want || at != test.at {
				t.Errorf("%s at %d; want %s at %d", answer.Verdict, at, test.want, test.at)
			}
		})
	}
}
