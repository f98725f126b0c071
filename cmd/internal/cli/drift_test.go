package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestDriftIsReportedFromTheLiveSide(t *testing.T) {
	server, key := pushing(t)
	says(t, keypolicy(t, "", "apply", "--yes", "-q", "keys"), 0, "")
	expect(t, keypolicy(t, "", "drift", "--format", "json", "--detailed-exitcode", "keys"), 0, map[string]int{"unchanged": 1})
	server.SetPolicy(key, strings.Replace(server.Policy(key), `"Statement":[`, `"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"kms:Decrypt","Resource":"*"},`, 1))
	r := keypolicy(t, "", "drift", "--detailed-exitcode", "keys")
	if text := strings.Join(strings.Fields(r.out), " "); r.code != 3 || !strings.Contains(text, "+ the live policy lets account 999999999999 do Decrypt") || !strings.Contains(text, "which the spec does not") {
		t.Errorf("exit code %d: %s%s", r.code, r.out, r.errors)
	}
	server.SetPolicy(key, kmstest.DefaultPolicy(kmstest.Account))
	r = keypolicy(t, "", "drift", "keys")
	if text := strings.Join(strings.Fields(r.out), " "); r.code != 0 || !strings.Contains(text, "for role/payments-api") && !strings.Contains(text, "lets role/payments-api do") {
		t.Errorf("exit code %d: %s%s", r.code, r.out, r.errors)
	}
	if server.Count("PutKeyPolicy") != 1 {
		t.Error("drift has changed a policy")
	}
}

func TestCoverageListsKeysWithoutSpecsAndSpecsWithoutKeys(t *testing.T) {
	server, _ := pushing(t)
	says(t, keypolicy(t, "", "drift", "--coverage", "keys"), 0, "1 key: 0 without a spec; 0 specs without a key")
	lonely := server.Add(kmstest.Key{Aliases: []string{"alias/lonely"}})
	server.Add(kmstest.Key{Manager: "AWS"})
	server.Add(kmstest.Key{State: "PendingDeletion"})
	server.Add(kmstest.Key{Region: "eu-west-1", Aliases: []string{"alias/west"}})
	write(t, "keys/gone.keypolicy.yaml", "key: alias/gone\nkey_users_roles: [a]\n")
	r := keypolicy(t, "", "drift", "--coverage", "keys")
	if want := "key without a spec: " + lonely + " (alias/lonely)\nspec without a key: keys/gone.keypolicy.yaml: alias/gone in " + region + "\n"; r.code != 1 || r.out != want {
		t.Errorf("exit code %d: %s%s", r.code, r.out, r.errors)
	}
	write(t, ".keypolicy.yaml", "account: \""+kmstest.Account+"\"\nregion: "+region+"\nregions: [eu-west-1]\n")
	r = keypolicy(t, "", "drift", "--coverage", "--format", "json", "keys")
	var result struct{ Summary map[string]int }
	if err := json.Unmarshal([]byte(r.out), &result); err != nil || result.Summary["keys"] != 3 || result.Summary["keys_without_spec"] != 2 || result.Summary["specs_without_key"] != 1 {
		t.Errorf("%v %s", err, r.out)
	}
	if r := keypolicy(t, "", "drift", "--coverage", "--format", "markdown", "keys"); !strings.Contains(r.out, "| key without a spec | `"+lonely) {
		t.Error(r.out)
	}
	if server.Count("GetKeyPolicy") > 0 {
		t.Error("coverage reads policies")
	}
}
