package cli_test

import (
	"slices"
	"strings"
	"testing"
)

// What shells complete for a flag is what the flag takes, and what the answer to anything else lists.
func TestCompletionOffersWhatIsTaken(t *testing.T) {
	project(t, map[string]string{"k.keypolicy.yaml": paymentsSpec})
	spec := "k.keypolicy.yaml"
	request := []string{spec, "--principal", "role/x", "--action", "kms:Decrypt"}
	for _, c := range []struct {
		command []string
		flags   []string
		args    []string
	}{
		{[]string{"lint"}, []string{"format", "min-severity", "fail-on", "color"}, nil},
		{[]string{"compile"}, []string{"format", "min-severity", "fail-on", "to", "color"}, nil},
		{[]string{"baseline"}, []string{"min-severity"}, nil},
		{[]string{"access"}, []string{"format"}, []string{spec}},
		{[]string{"simulate"}, []string{"format"}, request},
		{[]string{"diff"}, []string{"format", "deny"}, []string{spec, spec}},
		{[]string{"plan"}, []string{"format"}, nil},
		{[]string{"plan", "show"}, []string{"format"}, []string{spec}},
		{[]string{"apply"}, []string{"format"}, nil},
		{[]string{"drift"}, []string{"format"}, nil},
		{[]string{"rules"}, []string{"format"}, nil},
		{[]string{"templates"}, []string{"format"}, nil},
		{[]string{"schema"}, []string{"format"}, nil},
		{[]string{"suppressions"}, []string{"format"}, nil},
		{[]string{"explain"}, []string{"format"}, nil},
		{[]string{"version"}, []string{"format"}, nil},
	} {
		for _, flag := range c.flags {
			name := strings.Join(c.command, " ") + " --" + flag
			r := keypolicy(t, "", append(append([]string{"__complete"}, c.command...), "--"+flag, "")...)
			offered, _, _ := strings.Cut(r.out, "\n:")
			r = keypolicy(t, "", append(append(slices.Clone(c.command), c.args...), "--"+flag, "qqqqqqqq")...)
			_, taken, is := strings.Cut(strings.TrimSpace(r.errors), "`qqqqqqqq`: write ")
			if r.code != 2 || !is {
				t.Errorf("%s: exit code %d, %s", name, r.code, r.errors)
			}
			if got := strings.Split(offered, "\n"); !slices.Equal(got, strings.Split(taken, ", ")) {
				t.Errorf("%s: %q are offered, and %s taken", name, got, taken)
			}
		}
	}
}
