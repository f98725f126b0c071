package cli_test

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// TestAPlanRemarksOnSessions: that permissions boundaries limit a role's ARN and not its session's is said by plan, by what a plan
// file shows and by apply of what stays as it is, as by diff, whether the decisions differ or not.
func TestAPlanRemarksOnSessions(t *testing.T) {
	const (
		remark = "Remark: arn:aws:sts::" + kmstest.Account + ":assumed-role/app/s: permissions boundaries"
		root   = `{Effect: Allow, Principal: {AWS: "arn:aws:iam::` + kmstest.Account + `:root"}, Action: "kms:*", Resource: "*"}`
	)
	spec := func(principals string) string {
		return "key: alias/payments\npolicy: {Version: \"2012-10-17\", Statement: [" + root +
			", {Effect: Allow, Principal: {AWS: [" + principals + "]}, Action: \"kms:Decrypt\", Resource: \"*\"}]}\n"
	}
	other := `"arn:aws:iam::` + kmstest.Account + `:role/other"`
	role, session := `"arn:aws:iam::`+kmstest.Account+`:role/app"`, `"arn:aws:sts::`+kmstest.Account+`:assumed-role/app/s"`
	for name, c := range map[string]struct {
		live, wanted string
		commands     int // of the four that say so: once a session is applied, KMS has its role, and apply says that
	}{
		"a session that is let in":    {other, other + ", " + session, 3},
		"the session beside its role": {role, role + ", " + session, 4},
	} {
		t.Run(name, func(t *testing.T) {
			pushing(t)
			write(t, "keys/payments.keypolicy.yaml", spec(c.live))
			if r := keypolicy(t, "", "apply", "--yes", "keys"); r.code != 0 || strings.Contains(r.out, remark) {
				t.Fatalf("%d: %s%s", r.code, r.out, r.errors)
			}
			write(t, "keys/payments.keypolicy.yaml", spec(c.wanted))
			unwrapped := func(r result) string { return strings.Join(strings.Fields(r.out), " ") }
			for _, args := range [][]string{{"plan", "keys"}, {"plan", "-o", "p.json", "keys"}, {"plan", "show", "p.json"}, {"apply", "--yes", "keys"}}[:c.commands] {
				if r := keypolicy(t, "", args...); r.code != 0 || !strings.Contains(unwrapped(r)+strings.Join(strings.Fields(r.errors), " "), remark) {
					t.Errorf("%v: %d: %s%s", args, r.code, r.out, r.errors)
				}
			}
		})
	}
}
