package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestMoreAccountsThanAreTried: of a key whose account is not known a request is decided under each account that the policy names, or it is
// said that these are too many; which of the two depends on the policy and not on what the simulator has decided before.
func TestMoreAccountsThanAreTried(t *testing.T) {
	policy := func(accounts int) string {
		var list []string
		for i := range accounts {
			list = append(list, fmt.Sprintf("%q", fmt.Sprint(100000000000+i*31)))
		}
		return rootStatement + `, {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": [` + strings.Join(list, ",") + `]}}}`
	}
	decrypt := Request{Principal: "arn:aws:iam::100000000031:role/r", Action: "kms:Decrypt"}
	sign := Request{Principal: "arn:aws:iam::100000000031:role/r", Action: "kms:Sign"}
	for _, test := range []struct {
		accounts int
		env      Env
		tooMany  bool
	}{{20, Env{}, false}, {200, Env{}, false}, {1800, Env{}, true}, {1800, testEnv(), false}} {
		s := NewSimulator(statements(t, policy(test.accounts)), test.env)
		for _, r := range []Request{decrypt, sign, decrypt} {
			got, err := s.Simulate(r)
			if err != nil {
				t.Fatal(err)
			}
			if tooMany := got.Undecided == ReasonBudget && slices.Contains(got.Reasons, reasonOwners); tooMany != test.tooMany {
				t.Errorf("%s with %d accounts, %+v: %+v", r.Action, test.accounts, test.env, got)
			}
			fresh, err := NewSimulator(statements(t, policy(test.accounts)), test.env).Simulate(r)
			if err != nil || fresh.Decision != got.Decision {
				t.Errorf("%s with %d accounts: %s, and %s by a new simulator (%v)", r.Action, test.accounts, got.Decision, fresh.Decision, err)
			}
		}
	}
}

// TestVariablesOfChangedConditions: a condition that is made of another one refers to the keys that its own values refer to.
func TestVariablesOfChangedConditions(t *testing.T) {
	m := newModel(statements(t, publicUnder("Allow", `"StringLike": {"aws:PrincipalTag/a": ["${aws:username}-*", "plain", "${aws:PrincipalTag/b}"], "kms:ViaService": "s3.*"}, "StringNotLike": {"aws:userid": ["${aws:PrincipalTag/c}:*", "x"]}`)), testEnv(), testAccount)
	checked := 0
	check := func(c *condition) {
		if c == nil {
			return
		}
		checked++
		if got, want := c.variableNames(), variablesIn(c.values); !slices.Equal(got, want) {
			t.Errorf("%s %s: %q, and its values refer to %q", c.text, c.key.name, got, want)
		}
	}
	for i := range m.statements[0].conditions {
		c := &m.statements[0].conditions[i]
		check(c)
		check(c.bounded())
		part, _ := c.written()
		check(part)
		for v := range c.values {
			one := c.positive(&c.values[v])
			check(&one)
		}
	}
	if checked < 10 {
		t.Errorf("%d conditions were looked at", checked)
	}
}
