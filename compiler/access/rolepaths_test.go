package access

import (
	"slices"
	"strings"
	"testing"
)

// TestPathsByPatternsOnly: the ARN of a session does not show its role's path. Where only a pattern names a path that the role could
// have, no answer takes the role for one without a path, nor for one with it.
func TestPathsByPatternsOnly(t *testing.T) {
	const session, role = "arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:role/"
	statement := func(effect, who, condition string) string {
		return `{"Effect": "` + effect + `", "Principal": {"AWS": "` + who + `"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {` + condition + `}}`
	}
	inTeam := `"ArnLike": {"aws:PrincipalArn": "` + role + `team/*"}`
	for name, c := range map[string]struct {
		statements string
		decisions  []Decision // of a session whose role's path is not known, of one in the path, and of one outside
		row        string
	}{
		"a pattern lets in":                  {statement("Allow", "*", inTeam), []Decision{Undecided, Allowed, ImplicitDeny}, role + "team/*: "},
		"a pattern limits a session":         {statement("Allow", session, inTeam), []Decision{Undecided, Allowed, ImplicitDeny}, session + ": only with aws:PrincipalArn " + role + "team/*"},
		"a pattern denies a session":         {statement("Allow", session, "") + ", " + statement("Deny", "*", inTeam), []Decision{Undecided, ExplicitDeny, Allowed}, session + ": only with aws:PrincipalArn, but not " + role + "team/*"},
		"a pattern of names only":            {statement("Allow", "*", `"ArnLike": {"aws:PrincipalArn": "`+role+`x*"}`), []Decision{ImplicitDeny, ImplicitDeny, ImplicitDeny}, role + "x*: "},
		"a pattern of a path of other names": {statement("Allow", "*", `"ArnLike": {"aws:PrincipalArn": "`+role+`team/x-*"}`), []Decision{ImplicitDeny, ImplicitDeny, ImplicitDeny}, role + "team/x-*: "},
		"a role that is named with its path": {statement("Allow", role+"team/app", "") + ", " + statement("Deny", session, inTeam), []Decision{ExplicitDeny, ExplicitDeny, Allowed}, role + "team/app: "},
	} {
		t.Run(name, func(t *testing.T) {
			doc := statements(t, c.statements)
			for i, arn := range []string{"", role + "team/app", role + "app"} {
				if name == "a role that is named with its path" && i == 2 {
					continue
				}
				context := map[string][]string{}
				if arn != "" {
					context["aws:PrincipalArn"] = []string{arn}
				}
				got, err := Simulate(doc, testEnv(), Request{Principal: session, Action: "kms:Decrypt", Context: context})
				if err != nil || got.Decision != c.decisions[i] {
					t.Errorf("%s %q: %s %v %v, want %s", session, arn, got.Decision, got.Reasons, err, c.decisions[i])
				}
			}
			r := Analyze(doc, testEnv())
			for i, st := range r.Statements {
				if st.Status != Live {
					t.Errorf("statement %d: %s", i, st.Status)
				}
			}
			var rows []string
			for _, row := range r.Matrix {
				rows = append(rows, row.Principal+": "+row.Conditions.Text)
			}
			if !slices.Contains(rows, c.row) {
				t.Errorf("no row %q in\n%s", c.row, strings.Join(rows, "\n"))
			}
		})
	}
}
