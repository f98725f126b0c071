package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

func TestSeverityIsTheConfigurations(t *testing.T) {
	for configured, want := range map[string][]diag.Severity{"": {diag.Error}, "info": {diag.Info}, "warning": {diag.Warning}, "off": nil} {
		opts := rules.Options{}
		if configured != "" {
			opts.Severity = map[string]string{"wildcard-principal": configured}
		}
		var got []diag.Severity
		for _, d := range only(judge(t, load(t, opts), "a.json", policyText), "wildcard-principal") {
			got = append(got, d.Severity)
		}
		if !slices.Equal(got, want) {
			t.Errorf("configured as %q, found %v", configured, got)
		}
	}
}

const lockoutRule = `# METADATA
# title: A rule
# custom:
#   severity: error
#   subject: policy
package keypolicy.rules.lockout["mine"]

findings contains {"path": ["Version"], "message": "grave"} if count(input.policy.statements) > 0

findings contains {"path": ["Statement", 1, "Effect"], "message": "mild", "severity": "info"} if count(input.policy.statements) > 0
`

func TestNothingLowersAnErrorOfLockout(t *testing.T) {
	for configured, want := range map[string][]string{"": {"error grave", "info mild"}, "info": {"error grave", "info mild"}, "off": {"error grave"}} {
		opts := rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": lockoutRule})}}
		if configured != "" {
			opts.Severity = map[string]string{"mine": configured}
		}
		var got []string
		for _, d := range only(judge(t, load(t, opts), "a.json", policyText), "mine") {
			got = append(got, d.Severity.String()+" "+d.Message)
			if d.Message == "mild" && d.Statement != "Open" {
				t.Errorf("the finding is about statement %q", d.Statement)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("configured as %q, found %q", configured, got)
		}
	}
}

func TestARuleThatIsOffUntilItIsTurnedOn(t *testing.T) {
	text := strings.Replace(ruleOf("findings contains lib.at([], \"x\") if input.statement.index == 0\n"), "#   remedy", "#   enabled: false\n#   remedy", 1)
	opts := rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": text})}}
	if got := only(judge(t, load(t, opts), "a.json", policyText), "mine"); len(got) != 0 {
		t.Errorf("found %+v", got)
	}
	opts.Severity = map[string]string{"mine": "info"}
	if got := only(judge(t, load(t, opts), "a.json", policyText), "mine"); len(got) != 1 || got[0].Severity != diag.Info {
		t.Errorf("found %+v", got)
	}
}
