package cli_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestAPlanIsAppliedAsItWasMade(t *testing.T) {
	server, key := pushing(t)
	expect(t, keypolicy(t, "", "plan", "-o", "plan.json", "--format", "json", "keys"), 0, map[string]int{"change": 1})
	write(t, "keys/payments.keypolicy.yaml", paymentsSpec+"# another line\n")
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "plan.json"), 1, map[string]int{"refused": 1})
	write(t, "keys/payments.keypolicy.yaml", paymentsSpec)
	says(t, keypolicy(t, "", "apply", "--yes", "plan.json", "keys"), 2, "plan.json is a plan: name only it")
	says(t, keypolicy(t, "", "apply", "--yes", "--region", "eu-west-1", "plan.json"), 2, "the plan was made with other flags")
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "plan.json"), 0, map[string]int{"updated": 1})
	if !strings.Contains(server.Policy(key), "role/payments-api") {
		t.Error(server.Policy(key))
	}
	write(t, "plan.json", `{"keypolicy_plan": 2, "keys": `)
	says(t, keypolicy(t, "", "apply", "--yes", "plan.json"), 2, "plan.json: it is not a whole plan")
	write(t, "plan.json", `{"keypolicy_plan": 2, "flags": {}, "keys": []}`)
	says(t, keypolicy(t, "", "apply", "--yes", "plan.json"), 2, "plan.json: it is not as it was written, by its digest")
	write(t, "plan.json", `{"keypolicy_plan": 1, "flags": {}, "keys": []}`)
	says(t, keypolicy(t, "", "apply", "--yes", "plan.json"), 2, "it is a plan of version 1, and this keypolicy writes version 2")
}

func TestAPlanRemembersItsFlags(t *testing.T) {
	server, _ := pushing(t)
	key := server.Add(kmstest.Key{Region: "eu-west-1", Aliases: []string{"alias/payments"}})
	expect(t, keypolicy(t, "", "plan", "-o", "plan.json", "--format", "json", "--region", "eu-west-1", "keys"), 0, map[string]int{"change": 1})
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "plan.json"), 0, map[string]int{"updated": 1})
	if !strings.Contains(server.Policy(key), "role/payments-api") {
		t.Error("the key of the plan's Region was not updated")
	}
}

func TestNoPlanIsWrittenOverAGoodOneByARunThatReadNothing(t *testing.T) {
	server, _ := pushing(t)
	says(t, keypolicy(t, "", "plan", "-q", "-o", "plan.json", "keys"), 0, "")
	good, err := os.ReadFile("plan.json")
	if err != nil {
		t.Fatal(err)
	}
	server.Denied = []string{"kms:DescribeKey"}
	says(t, keypolicy(t, "", "plan", "-o", "plan.json", "keys"), 2, "every key failed, so plan.json is not written")
	says(t, keypolicy(t, "", "plan", "-o", "other.json", "keys"), 2, "every key failed, so other.json is not written")
	server.Denied = nil
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	proxy := kmstest.NewProxy(t, server.URL)
	kmstest.Environment(t, proxy.URL, kmstest.AccessKey, kmstest.Secret)
	proxy.After = func(r kmstest.Request) {
		if r.Operation == "GetKeyPolicy" {
			cancel()
		}
	}
	write(t, "keys/second.keypolicy.yaml", "key: "+server.Add(kmstest.Key{})+"\nkey_users_roles: [a]\n")
	var out, errs bytes.Buffer
	code := cli.MainWithFastPush(ctx, []string{"plan", "-o", "plan.json", "keys"}, cli.Stdio{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != 2 || !strings.Contains(errs.String(), "the plan was cut off, so plan.json is not written") {
		t.Errorf("exit code %d: %s%s", code, errs.String(), out.String())
	}
	if text, err := os.ReadFile("plan.json"); err != nil || string(text) != string(good) {
		t.Errorf("%v: the good plan was overwritten", err)
	}
}

func TestAPlanIsWrittenThroughALink(t *testing.T) {
	_, _ = pushing(t)
	write(t, "plans/real.json", "")
	if err := os.Symlink("plans/real.json", "plan.json"); err != nil {
		t.Fatal(err)
	}
	says(t, keypolicy(t, "", "plan", "-q", "-o", "plan.json", "keys"), 0, "")
	if text, err := os.ReadFile("plans/real.json"); err != nil || !strings.Contains(string(text), "keypolicy_plan") {
		t.Errorf("%v: %s", err, text)
	}
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "plan.json"), 0, map[string]int{"updated": 1})
}

// A plan that is applied in another folder than its own says so once, and leaves nothing behind.
func TestAPlanInTheWrongFolder(t *testing.T) {
	server, _ := pushing(t)
	server.Add(kmstest.Key{Aliases: []string{"alias/logs"}})
	write(t, "keys/logs.keypolicy.yaml", "key: alias/logs\nkey_users_roles: [a]\n")
	expect(t, keypolicy(t, "", "plan", "-o", "plan.json", "--format", "json", "keys"), 0, map[string]int{"change": 2})
	if err := os.Mkdir("other", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, "other/.keypolicy.yaml", "account: \""+kmstest.Account+"\"\n")
	t.Run("wrong", func(t *testing.T) {
		t.Chdir("other")
		r := keypolicy(t, "", "apply", "--yes", "../plan.json")
		if want := "keypolicy: none of the plan's 2 specs is here, such as keys/logs.keypolicy.yaml: run it in the folder that the plan was made in\n"; r.code != 2 || r.errors != want || r.out != "" {
			t.Errorf("exit code %d: %s%s", r.code, r.out, r.errors)
		}
		if _, err := os.Stat(".keypolicy"); err == nil {
			t.Error(".keypolicy is left behind")
		}
	})
	if err := os.Remove("keys/logs.keypolicy.yaml"); err != nil { // a spec that is gone is refused, and the others are put
		t.Fatal(err)
	}
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "plan.json"), 1, map[string]int{"refused": 1, "updated": 1})
}

// Specs in a folder for each account may have the same name: nothing is written there that would be one file. So it is with an
// output too, which plan does not write.
func TestSpecsOfOneNameInFoldersOfTheirAccountsArePlanned(t *testing.T) {
	server := kmstest.NewServer(t)
	kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
	files := map[string]string{}
	roles := ""
	for _, account := range []string{"111122223333", "444455556666"} {
		server.Add(kmstest.Key{Account: account, Aliases: []string{"alias/app"}})
		files["keys/"+account+"/app.keypolicy.yaml"] = "key: alias/app\naccount: \"" + account + "\"\nkey_admins_roles: [KeyAdmin]\nkey_users_roles: [app]\n"
		roles += "  \"" + account + "\": {role_arn: \"arn:aws:iam::" + account + ":role/keypolicy\"}\n"
	}
	project(t, files)
	for _, output := range []string{"", "output: compiled\n"} {
		write(t, ".keypolicy.yaml", "region: "+region+"\n"+output+"accounts:\n"+roles)
		expect(t, keypolicy(t, "", "plan", "--format", "json", "keys"), 0, map[string]int{"change": 2})
	}
}
