package cli_test

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// A run that is taken up puts nothing that the project does not ask for any more: what has changed is named.
func TestARunWhoseInputsHaveChangedIsRefused(t *testing.T) {
	const templated = "key: alias/payments\npolicytemplate: team\nparameters: {readers: [payments-api]}\n"
	const template = "template: team\nparameters:\n  readers: {type: array, items: {type: string}}\nkey_users_roles: $(readers)\nkey_admins_roles: [KeyAdmin]\n"
	const configured = "account: \"" + kmstest.Account + "\"\nregion: " + region + "\ntemplates: [templates]\n"
	for name, c := range map[string]struct {
		file, text string
		want       []string // of the reason; none is applied as it was
	}{
		"nothing":          {"note.txt", "x", nil},
		"a comment":        {"templates/team.yaml", template + "# a comment\n", nil},
		"the spec":         {"keys/payments.keypolicy.yaml", templated + "# a comment\n", []string{"keys/payments.keypolicy.yaml has changed"}},
		"the template":     {"templates/team.yaml", strings.Replace(template, "KeyAdmin", "Admin", 1), []string{"compiles to another policy now", "templates/team.yaml changed"}},
		"its parameters":   {"templates/team.yaml", strings.ReplaceAll(template, "readers", "users"), []string{"lint finds", "templates/team.yaml changed"}},
		"the account":      {".keypolicy.yaml", strings.Replace(configured, kmstest.Account, "999999999999", 1), []string{"is for account 999999999999 now", ".keypolicy.yaml changed"}},
		"the Region":       {".keypolicy.yaml", strings.Replace(configured, region, "eu-west-1", 1), []string{"does not have this key now", ".keypolicy.yaml changed"}},
		"a severity":       {".keypolicy.yaml", configured + "severity: {single-editor: \"off\"}\n", nil},
		"a broken project": {".keypolicy.yaml", configured + "nonsense: 1\n", []string{"the configuration has errors"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := kmstest.NewServer(t)
			kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
			project(t, map[string]string{"keys/payments.keypolicy.yaml": templated, "templates/team.yaml": template, ".keypolicy.yaml": configured})
			key := server.Add(kmstest.Key{Aliases: []string{"alias/payments"}})
			before := server.Policy(key)
			server.Answer("PutKeyPolicy", kmstest.Refusal("LimitExceededException", "not now"))
			expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "keys"), 2, map[string]int{"failed": 1})
			server.Answers = nil
			write(t, c.file, c.text)
			r := keypolicy(t, "", "apply", "--resume", "--yes", "--format", "json")
			if len(c.want) == 0 {
				expect(t, r, 0, map[string]int{"updated": 1})
				return
			}
			for _, text := range c.want {
				if !strings.Contains(r.out+r.errors, text) || r.code == 0 {
					t.Errorf("exit code %d without %q: %s%s", r.code, text, r.out, r.errors)
				}
			}
			if server.Policy(key) != before {
				t.Error("it was changed")
			}
		})
	}
}
