package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPatternsOfOrganizations: the ids of organizations have 10 to 32 characters, so that one of 10 can begin another.
func TestPatternsOfOrganizations(t *testing.T) {
	for _, c := range []struct {
		operator, key, value string
		public               Answer
	}{
		{"StringLike", "aws:PrincipalOrgID", "o-a1b2c3d4e5", No},
		{"StringLike", "aws:PrincipalOrgID", "o-a1b2c3d4e5*", Yes},
		{"StringLike", "aws:PrincipalOrgID", "o-a1b2c3d4e5?", Yes},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*", No},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5*/r-ab12/*", Yes},
		{"StringLike", "aws:VpceOrgID", "o-a1b2c3d4e5*", Yes},
	} {
		env := testEnv()
		env.TrustOrgs = []string{"o-a1b2c3d4e5"}
		text := fmt.Sprintf(`{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {%q: {%q: %q}}}`, c.operator, c.key, c.value)
		if r := Analyze(statements(t, rootStatement+","+text), env); r.Public != c.public || (len(r.External) > 0) != (c.public == Yes) {
			t.Errorf("%s %s %s: public %v, external %+v", c.operator, c.key, c.value, r.Public, r.External)
		}
	}
}

// TestOrganizationsInAnyCase: an id that is compared without regard to case names the one organization that has it, and trusts it, as AWS
// makes ids of lower-case letters.
func TestOrganizationsInAnyCase(t *testing.T) {
	for _, statement := range []string{
		publicUnder("Allow", `"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": "O-A1b2c3d4e5"}`),
		publicUnder("Allow", `"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`),
		publicUnder("Allow", `"Bool": {"aws:PrincipalIsAWSService": "false"}`) + "," + publicUnder("Deny", `"StringNotEqualsIgnoreCase": {"aws:PrincipalOrgID": "O-A1B2C3D4E5"}`),
		allowSNS + `, "Condition": {"StringEqualsIgnoreCase": {"aws:SourceOrgID": "O-a1b2c3d4e5"}}}`,
	} {
		for _, trusted := range [][]string{nil, {"o-a1b2c3d4e5"}, {"o-z9y8x7w6v5"}} {
			env := testEnv()
			env.TrustOrgs = trusted
			r := Analyze(statements(t, rootStatement+","+statement), env)
			own, service := slices.Contains(trusted, "o-a1b2c3d4e5"), strings.HasPrefix(statement, allowSNS)
			if r.Public != No || (len(r.External) == 0) != (own || service) || (len(r.ConfusedDeputy) > 0) != (service && trusted != nil && !own) {
				t.Errorf("%s, trusted %v: public %s, external %v, deputies %v", statement, trusted, r.Public, r.External, r.ConfusedDeputy)
			}
		}
	}
}
