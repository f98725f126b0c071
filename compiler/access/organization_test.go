package access

import (
	"fmt"
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
