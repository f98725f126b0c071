package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

const region = "eu-central-1"

const paymentsSpec = `key: alias/payments
key_admins_roles: [KeyAdmin]
key_users_roles: [payments-api]
`

// project makes a project's folder, with a configuration, and works in it.
func project(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, ".git/keep", "")
	write(t, ".keypolicy.yaml", "account: \""+kmstest.Account+"\"\nregion: "+region+"\n")
	for name, text := range files {
		write(t, name, text)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// result is what a command gives.
type result struct {
	code        int
	out, errors string
}

func keypolicy(t *testing.T, in string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := withOutputHeld(args, cli.Stdio{In: strings.NewReader(in), Out: &out, Err: &errs}, func(stdio cli.Stdio) int {
		return cli.MainWithFastPush(context.Background(), args, stdio)
	})
	return result{code, out.String(), errs.String()}
}

func expect(t *testing.T, r result, code int, states map[string]int) {
	t.Helper()
	var result struct {
		Keys    []struct{ File, Key, State, Reason string }
		Summary map[string]int
	}
	if err := json.Unmarshal([]byte(r.out), &result); err != nil {
		t.Fatalf("%v: %s%s", err, r.out, r.errors)
	}
	same := r.code == code && len(result.Summary) == len(states)
	for state, n := range states {
		same = same && result.Summary[state] == n
	}
	if !same {
		t.Fatalf("exit code %d, %v, not %d, %v: %+v\n%s", r.code, result.Summary, code, states, result.Keys, r.errors)
	}
}

func TestFromSpecToKeyAndBack(t *testing.T) {
	moto := kmstest.StartMoto(t)
	id, secret := moto.User("deployer")
	kmstest.Environment(t, moto.URL, id, secret)
	key := moto.CreateKey(region, "alias/payments")
	before := moto.Policy(region, key)
	project(t, map[string]string{"keys/payments.keypolicy.yaml": paymentsSpec})

	expect(t, keypolicy(t, "", "plan", "--format", "json", "--detailed-exitcode", "keys"), 3, map[string]int{"change": 1})
	if r := keypolicy(t, "", "apply", "keys"); r.code != 2 || !strings.Contains(r.errors, "there was no answer") || moto.Policy(region, key) != before {
		t.Fatalf("%+v", r)
	}
	expect(t, keypolicy(t, "yes\n", "apply", "--format", "json", "keys"), 0, map[string]int{"updated": 1})
	if live := moto.Policy(region, key); !strings.Contains(live, "role/payments-api") {
		t.Fatal(live)
	}
	expect(t, keypolicy(t, "", "plan", "--format", "json", "--detailed-exitcode", "keys"), 0, map[string]int{"unchanged": 1})
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "keys"), 0, map[string]int{"unchanged": 1})
}
