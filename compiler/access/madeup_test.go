package access

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLawEveryValueIsReported: a value that by itself lets somebody in is in the words for a list that has it.
func TestLawEveryValueIsReported(t *testing.T) {
	for _, k := range listKeys() {
		all := Analyze(statements(t, k.statement(k.values)), testEnv())
		report := string(mustJSON(all.External)) + string(mustJSON(all.Matrix))
		for _, v := range k.values {
			if single := Analyze(statements(t, k.statement([]string{v})), testEnv()); len(single.External)+len(single.Matrix) > 0 && !strings.Contains(report, v) {
				t.Errorf("%s %s %q: %s is not reported: %s", k.operator, k.key, k.values, v, report)
			}
		}
	}
}

// madeUp gives a part of a principal's name that a text does not have as a word of its own; "" where there is none.
func madeUp(principal, text string) string {
	if account, ok := strings.CutPrefix(principal, "account "); ok {
		principal = account
	}
	if slices.Contains([]string{"*", "any account", AnyOtherService}, principal) {
		return ""
	}
	parts := []string{principal}
	if strings.HasPrefix(principal, "arn:") {
		resource := strings.SplitN(principal, ":", 6)[5]
		parts = slices.Concat(strings.Split(principal, ":")[4:5], strings.Split(resource, "/")[1:])
	}
	for _, part := range parts {
		word := regexp.MustCompile(`(^|[^A-Za-z0-9_*])` + regexp.QuoteMeta(part) + `([^A-Za-z0-9_*]|$)`)
		if part != "*" && part != testAccount && !word.MatchString(text) {
			return part
		}
	}
	return ""
}

// TestLawNothingIsMadeUp: what a report says, its witnesses aside, is in the policy, in what is known of the key, or what
// AWS has: values, accounts, and the names of users, roles and services.
func TestLawNothingIsMadeUp(t *testing.T) {
	check := func(seed int, text string, conditions []Conditions) {
		for _, c := range conditions {
			for _, alternative := range c.AnyOf {
				for name, constraint := range alternative {
					comparisons := slices.Concat([]Comparison{constraint.Comparison}, constraint.And, constraint.Not)
					for _, x := range comparisons {
						for _, v := range x.Values {
							if v != "true" && v != "false" && v != "o-a" && v != "o-a/*" && !strings.Contains(text, string(mustJSON(v))) {
								t.Errorf("seed %d: %s %s %q is made up: %s", seed, x.Operator, name, v, text)
							}
						}
					}
				}
			}
		}
	}
	for seed := range rounds(t, 300) {
		s := newSmall(uint64(seed) + 4_000_000)
		text := s.policy(4)
		env := testEnv()
		env.TrustOrgs = []string{"o-a"}
		report := Analyze(read(t, text), env)
		conditions := []Conditions{report.Lockout.Conditions}
		for _, x := range report.External {
			conditions = append(conditions, x.Conditions)
		}
		for _, x := range report.Matrix {
			conditions = append(conditions, x.Conditions)
		}
		other := s.changed(text)
		d := Diff(read(t, text), read(t, other), env, env)
		for _, x := range slices.Concat(d.Added, d.Removed) {
			conditions = append(conditions, x.Conditions)
		}
		check(seed, text+other, conditions)
		principals := slices.Clone(report.Lockout.Principals)
		for _, x := range report.External {
			principals = append(principals, x.Principal)
		}
		for _, x := range report.Matrix {
			principals = append(principals, x.Principal)
		}
		for _, x := range report.ConfusedDeputy {
			principals = append(principals, x.Service)
		}
		for _, x := range slices.Concat(d.Added, d.Removed, d.Future) {
			principals = append(principals, x.Principal)
		}
		for _, p := range principals {
			if part := madeUp(p, text+other); part != "" {
				t.Errorf("seed %d: %q of %s is made up: %s %s", seed, part, p, text, other)
			}
		}
		for _, account := range regexp.MustCompile(`[0-9]{12}`).FindAllString(withoutWitnesses(report), -1) {
			if account != testAccount && !strings.Contains(text, account) {
				t.Errorf("seed %d: account %s is made up: %s", seed, account, text)
			}
		}
	}
}
