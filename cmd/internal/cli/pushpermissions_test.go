package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// applyPage is docs/apply.md.
func applyPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, "docs", "apply.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// home is the module's folder, before a test works elsewhere.
var home = func() string {
	path, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		panic(err)
	}
	return path
}()

var actionsPattern = regexp.MustCompile(`"Sid": "Keypolicy(\w+)",\s+"Effect": "Allow",\s+"Action": (\[[^\]]*\])`)

func TestTheLeastPermissionsAreWhatARunAsksFor(t *testing.T) {
	least := map[string][]string{}
	for _, found := range actionsPattern.FindAllStringSubmatch(applyPage(t), -1) {
		var actions []string
		if err := json.Unmarshal([]byte(found[2]), &actions); err != nil {
			t.Fatal(err)
		}
		least[found[1]] = actions
	}
	if len(least) != 4 {
		t.Fatalf("the page has %v", least)
	}
	const other = "111122223333"
	t.Run("import", func(t *testing.T) {
		server, _ := pushing(t)
		server.Allowed = least["Import"]
		if r := keypolicy(t, "", "import", "--all", "-o", "imported"); r.code != 0 {
			t.Errorf("exit code %d: %s", r.code, r.errors)
		}
		for _, action := range least["Import"] {
			if server.Count(strings.TrimPrefix(action, "kms:")) == 0 {
				t.Errorf("the run does not ask for %s, which the page allows", action)
			}
		}
	})
	for name, args := range map[string][]string{"Plan": {"plan", "--format", "json"}, "Apply": {"apply", "--yes", "--format", "json"}} {
		t.Run(name, func(t *testing.T) {
			server, _ := pushing(t)
			// One who loses access, so that grants are asked for; a key that is changed; a key of another account.
			live := strings.Replace(kmstest.DefaultPolicy(other), `"Statement":[`, `"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+other+`:role/gone"},"Action":"kms:Decrypt","Resource":"*"},`, 1)
			away := server.Add(kmstest.Key{Account: other, Policy: live})
			write(t, ".keypolicy.yaml", "accounts: {\""+other+"\": {role_arn: \"arn:aws:iam::"+other+":role/keypolicy\"}}\nregion: "+region+"\n")
			write(t, "keys/payments.keypolicy.yaml", "account: \""+kmstest.Account+"\"\n"+paymentsSpec)
			write(t, "keys/away.keypolicy.yaml", "key: "+away+"\nkey_users_roles: [a]\n")
			server.Allowed = append(append([]string{"sts:GetCallerIdentity"}, least[name]...), least["Accounts"]...)
			state := map[string]string{"Plan": "change", "Apply": "updated"}[name]
			expect(t, keypolicy(t, "", append(args, "keys")...), 0, map[string]int{state: 2})
			var asked []string
			for _, call := range server.Calls() {
				service := "kms:"
				if call.Operation == "AssumeRole" || call.Operation == "GetCallerIdentity" {
					service = "sts:"
				}
				asked = append(asked, service+call.Operation)
			}
			slices.Sort(asked)
			asked = slices.Compact(asked)
			want := slices.Sorted(slices.Values(server.Allowed))
			if !slices.Equal(asked, want) {
				t.Errorf("the run asks for %v, and the page allows %v", asked, want)
			}
		})
	}
	t.Run("lint", func(t *testing.T) {
		server, _ := pushing(t)
		says(t, keypolicy(t, "", "lint", "keys"), 0, "0 errors")
		if calls := server.Calls(); len(calls) > 0 {
			t.Errorf("AWS was asked %v", calls)
		}
	})
}
