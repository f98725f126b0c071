package rules_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// readsLeft is of a rule that reads what is left to principals; one that only asks whether a statement takes effect accuses its form.
var (
	readsLeft = regexp.MustCompile(`(?m)^#   access: \[.*\bleft\b`)
	asksLeft  = regexp.MustCompile(`lib\.(able|unlimited|live|administering|acts_for_anyone)\(`)
)

// doubts are Deny statements of everything, each with a condition that is not decided for another reason.
var doubts = map[string]string{
	"open":  `{"ArnLike": {"aws:PrincipalArn": "*"}}`,
	"yet":   `{"ArnLike": {"aws:PrincipalArn": "$(partner)"}}`,
	"spent": `{"StringEquals": {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}-${aws:PrincipalTag/c}"}}`,
}

// denied is a policy document with one more statement: a Deny of everything under a condition.
func denied(t *testing.T, text, condition string) string {
	t.Helper()
	var policy map[string]any
	if json.Unmarshal([]byte(text), &policy) != nil {
		return ""
	}
	list, ok := policy["Statement"].([]any)
	if !ok {
		return ""
	}
	policy["Statement"] = append(list, map[string]any{
		"Sid": "Doubt", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": json.RawMessage(condition),
	})
	out, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestWhatADenyMayTakeHasThreeExits: a rule about what principals can do that finds something in a policy finds it beside a Deny which
// may take it away: as a warning at most where AWS's pages leave that open, as info where it is not known yet, and as it is where the
// budget does not suffice. A rule about a statement's form says the same each time.
func TestWhatADenyMayTakeHasThreeExits(t *testing.T) {
	worst := func(found diag.List) diag.Severity {
		var s diag.Severity
		for _, d := range found {
			s = max(s, d.Severity)
		}
		return s
	}
	says := func(found diag.List) (all []string) {
		for _, d := range found {
			all = append(all, d.Severity.String()+" "+d.Reason+" "+d.Message)
		}
		slices.Sort(all)
		return all
	}
	examples := exampleDocuments(t)
	tried := map[string]bool{}
	for _, file := range globFiles(t, "*/*.rego") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".rego")
		if !readsLeft.Match(text) {
			continue
		}
		ofForm := !asksLeft.Match(text)
		for _, trust := range []*rules.Trust{nil, {}} {
			set := load(t, rules.Options{Only: name, Trust: trust})
			for _, example := range sortedNames(examples) {
				policy := examples[example]
				if !strings.HasPrefix(example, name+".txtar/") || denied(t, policy, "{}") == "" {
					continue
				}
				sure := only(judge(t, set, "a.json", policy), name)
				if len(sure) == 0 || slices.ContainsFunc(sure, func(d diag.Diagnostic) bool { return d.Reason == "undecided" }) {
					continue
				}
				tried[name] = true
				for exit, condition := range doubts {
					got := only(judge(t, set, "a.json", denied(t, policy, condition)), name)
					wrong := false
					switch {
					case ofForm:
						wrong = !slices.Equal(says(got), says(sure))
					case exit == "open":
						wrong = worst(got) > diag.Warning || len(got) == 0
					case exit == "yet":
						wrong = worst(got) > diag.Info || len(got) == 0
						if name == "service-principal-unrestricted" { // whom a service acts for is reported as undecided, once a policy
							wrong = worst(got) == diag.Error
						}
					case exit == "spent":
						wrong = worst(got) < worst(sure)
					}
					if wrong {
						t.Errorf("%s, %s: %q, and without the Deny %q", example, exit, says(got), says(sure))
					}
				}
			}
		}
	}
	if len(tried) < 25 { // the examples of the others are specs
		t.Errorf("only %d rules were tried", len(tried))
	}
}
