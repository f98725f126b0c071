package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// pushing makes a project with a spec of one key, and a server that has the key.
func pushing(t *testing.T) (server *kmstest.Server, key string) {
	t.Helper()
	server = kmstest.NewServer(t)
	kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
	project(t, map[string]string{"keys/payments.keypolicy.yaml": paymentsSpec})
	return server, server.Add(kmstest.Key{Aliases: []string{"alias/payments"}})
}

func says(t *testing.T, r result, code int, text string) {
	t.Helper()
	if r.code != code || !strings.Contains(r.errors, text) {
		t.Fatalf("exit code %d, not %d: %s%s", r.code, code, r.errors, r.out)
	}
}

func TestWhatWasPutCanBePutBack(t *testing.T) {
	server, key := pushing(t)
	before := server.Policy(key)
	says(t, keypolicy(t, "", "apply", "--yes", "keys"), 0, "keypolicy: 1 key: 1 updated")
	journals, err := filepath.Glob(".keypolicy/*/journal.jsonl")
	if err != nil || len(journals) != 1 {
		t.Fatalf("%v %v", err, journals)
	}
	says(t, keypolicy(t, "no\n", "apply", "--rollback", journals[0]), 2, "apply cancelled; nothing was changed")
	expect(t, keypolicy(t, "yes\n", "apply", "--format", "json", "--rollback", journals[0]), 0, map[string]int{"updated": 1})
	if server.Policy(key) != before {
		t.Error(server.Policy(key))
	}
	says(t, keypolicy(t, "", "apply", "--resume"), 0, "no run was left unfinished: there is nothing to do")
	expect(t, keypolicy(t, "", "apply", "--resume", "--format", "json"), 0, nil)
}

func TestARunThatIsBrokenOffComesFirst(t *testing.T) {
	server, key := pushing(t)
	says(t, keypolicy(t, "", "apply", "--yes", "--state-dir", "state", "keys"), 0, "1 updated")
	journals, _ := filepath.Glob("state/*/journal.jsonl")
	text, err := os.ReadFile(journals[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	write(t, journals[0], string(bytes.Join(lines[:2], nil))) // what it wrote before the put
	says(t, keypolicy(t, "", "apply", "--yes", "--state-dir", "state", "keys"), 2, "an earlier run was interrupted: continue it with `keypolicy apply --resume --state-dir state`")
	expect(t, keypolicy(t, "", "apply", "--resume", "--yes", "--state-dir", "state", "--format", "json"), 0, map[string]int{"updated": 1})
	if server.Count("PutKeyPolicy") != 1 || !strings.Contains(server.Policy(key), "payments-api") {
		t.Error("what was done was done again")
	}
	says(t, keypolicy(t, "", "apply", "--yes", "--state-dir", "state", "keys"), 0, "1 unchanged")
}

func TestAnErrorOfLintBlocksBeforeAWSIsAsked(t *testing.T) {
	server, _ := pushing(t)
	for name, spec := range map[string]string{
		"a rule's error": "key: alias/payments\nkey_users_roles: [\"*\"]\n",
		"no policy":      "key: alias/payments\nkey_usrs: [a]\n",
		"no YAML":        "key: [\n",
		"empty":          "",
		"a lockout":      "key: alias/payments\npolicy: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Principal: {AWS: \"arn:aws:iam::123456789012:role/a\"}, Action: \"kms:Decrypt\", Resource: \"*\"}]}\n",
		"no key":         "key_users_roles: [a]\n",
	} {
		write(t, "keys/payments.keypolicy.yaml", spec)
		r := keypolicy(t, "", "apply", "--yes", "--format", "json", "keys")
		expect(t, r, 1, map[string]int{"blocked": 1})
		if !strings.Contains(r.out, `"severity": "error"`) {
			t.Errorf("%s: %s", name, r.out)
		}
	}
	if calls := server.Calls(); len(calls) > 0 {
		t.Errorf("AWS was asked %v", calls)
	}
}

func TestExitCodesOfAPlan(t *testing.T) {
	server, _ := pushing(t)
	expect(t, keypolicy(t, "", "plan", "--format", "json", "keys"), 0, map[string]int{"change": 1})
	expect(t, keypolicy(t, "", "plan", "--format", "json", "--detailed-exitcode", "keys"), 3, map[string]int{"change": 1})
	write(t, "keys/b.keypolicy.yaml", "key_users_roles: [a]\n")
	expect(t, keypolicy(t, "", "plan", "--format", "json", "--detailed-exitcode", "keys"), 1, map[string]int{"change": 1, "blocked": 1})
	write(t, "keys/c.keypolicy.yaml", "key: alias/none\n")
	expect(t, keypolicy(t, "", "plan", "--format", "json", "--detailed-exitcode", "keys"), 2, map[string]int{"change": 1, "blocked": 1, "failed": 1})
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "keys"), 2, map[string]int{"updated": 1, "blocked": 1, "failed": 1})
	says(t, keypolicy(t, "", "plan", "keys", "nowhere"), 2, "nowhere: there is no such file")
	if server.Count("PutKeyPolicy") != 1 {
		t.Error("a plan has changed something")
	}
}

func TestAnInterruptIsSaidAsOne(t *testing.T) {
	_, _ = pushing(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := cli.MainWithFastPush(ctx, []string{"apply", "--yes", "keys"}, cli.Stdio{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != 2 || errs.String() != "keypolicy: interrupted\n" {
		t.Errorf("exit code %d: %s%s", code, errs.String(), out.String())
	}
}

func TestBadUsageOfPlanAndApply(t *testing.T) {
	_, _ = pushing(t)
	write(t, "templates/t.yaml", "template: t\nkey_users: [a]\n")
	write(t, "bad.yaml", "region: [\n")
	for _, test := range []struct {
		args []string
		text string
	}{
		{[]string{"plan", "--format", "sarif"}, "--format is `sarif`"},
		{[]string{"apply", "--resume", "keys"}, "name no path"},
		{[]string{"apply", "--resume", "--rollback", "x"}, "give one"},
		{[]string{"apply", "-"}, "stdin cannot hold a spec and the answer"},
		{[]string{"plan", "-o", "p.json", "-"}, "cannot be made of stdin"},
		{[]string{"plan", "templates/t.yaml"}, "there is no policy to write"},
		{[]string{"plan", "-o", "keys/payments.keypolicy.yaml", "keys"}, "is there and is not a plan, so it is not overwritten"},
		{[]string{"plan", "-o", "nowhere/p.json", "keys"}, "nowhere/p.json: the plan cannot be written"},
		{[]string{"apply", "--rollback", "nowhere", "--yes"}, "cannot be read"},
		{[]string{"apply", "--config", "bad.yaml", "keys"}, "the configuration has errors"},
		{[]string{"apply", "--state-dir", "bad.yaml", "keys"}, "bad.yaml: the folder for the journal cannot be used"},
	} {
		if r := keypolicy(t, "", test.args...); r.code != 2 || !strings.Contains(r.errors, test.text) {
			t.Errorf("%v: exit code %d: %s%s", test.args, r.code, r.errors, r.out)
		}
	}
	t.Setenv("AWS_PROFILE", "nobody")
	says(t, keypolicy(t, "", "plan", "keys"), 2, "the AWS configuration cannot be used: there is no profile `nobody`")
}

func TestNoCredentialIsEverPrinted(t *testing.T) {
	server, _ := pushing(t)
	t.Setenv("AWS_SESSION_TOKEN", "SESSIONTOKENEXAMPLE")
	var all strings.Builder
	for _, args := range [][]string{
		{"plan", "-v", "-o", "plan.json", "keys"}, {"apply", "-v", "--yes", "--format", "json", "plan.json"}, {"plan", "--format", "markdown", "keys"},
	} {
		r := keypolicy(t, "", args...)
		all.WriteString(r.out + r.errors)
	}
	server.Callers = nil
	r := keypolicy(t, "", "plan", "keys")
	says(t, r, 2, "1 failed")
	all.WriteString(r.out + r.errors)
	_ = filepath.Walk(".", func(path string, info os.FileInfo, _ error) error {
		if !info.IsDir() {
			text, _ := os.ReadFile(path)
			all.Write(text)
		}
		return nil
	})
	for _, secret := range []string{kmstest.AccessKey, kmstest.Secret, "SESSIONTOKENEXAMPLE"} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%s is printed", secret)
		}
	}
}

var sessionPattern = regexp.MustCompile("(?s)```text\n\\$ keypolicy (plan keys)\n(.*?)```")

func TestThePageShowsWhatPlanPrints(t *testing.T) {
	page := applyPage(t)
	found := sessionPattern.FindStringSubmatch(page)
	if found == nil {
		t.Fatal("the page shows no plan")
	}
	server := kmstest.NewServer(t)
	kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
	server.Add(kmstest.Key{
		Aliases: []string{"alias/payments"}, Policy: strings.Replace(kmstest.DefaultPolicy(kmstest.Account), `"Statement":[`,
			`"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/legacy-app"},"Action":"kms:Decrypt","Resource":"*"},`, 1),
		Grants: []string{"arn:aws:iam::123456789012:role/legacy-app"},
	})
	project(t, map[string]string{"keys/payments.keypolicy.yaml": paymentsSpec})
	got := keypolicy(t, "", strings.Fields(found[1])...)
	text := got.out + got.errors
	if os.Getenv("UPDATE_SCRIPTS") != "" {
		page = strings.Replace(page, found[0], "```text\n$ keypolicy "+found[1]+"\n"+text+"```", 1)
		if err := os.WriteFile(filepath.Join(home, "docs", "apply.md"), []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != found[2] {
		t.Errorf("the page shows\n%s\nand it is\n%s", found[2], text)
	}
}

func TestTheRegionOfAWSsConfigurationCountsLast(t *testing.T) {
	moto := kmstest.StartMoto(t)
	id, secret := moto.User("deployer")
	kmstest.Environment(t, moto.URL, id, secret)
	moto.CreateKey("eu-west-1", "alias/logs")
	project(t, map[string]string{"logs.keypolicy.yaml": "key: alias/logs\ninclude:\n  - {template: cloudwatch-logs, parameters: {log_group: app}}\n"})
	write(t, ".keypolicy.yaml", "account: \""+kmstest.Account+"\"\n")
	expect(t, keypolicy(t, "", "plan", "--format", "json", "logs.keypolicy.yaml"), 1, map[string]int{"blocked": 1})
	t.Setenv("AWS_REGION", "eu-west-1")
	r := keypolicy(t, "", "plan", "--format", "json", "logs.keypolicy.yaml")
	expect(t, r, 0, map[string]int{"change": 1})
	if !strings.Contains(r.out, "logs.eu-west-1.amazonaws.com") {
		t.Error(r.out)
	}
}

// What a live policy has in its values is shown as it is: a tab is not a spaces.
func TestATabOfALivePolicyIsShown(t *testing.T) {
	server, key := pushing(t)
	server.SetPolicy(key, strings.Replace(server.Policy(key), `"Statement":[`, `"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"aws:UserAgent":"a\tb"}}},`, 1))
	if r := keypolicy(t, "", "plan", "keys"); !strings.Contains(r.out, `aws:UserAgent=a\tb`) && !strings.Contains(strings.Join(strings.Fields(r.out), " "), `a\tb`) {
		t.Errorf("exit code %d: %s%s", r.code, r.out, r.errors)
	}
}
