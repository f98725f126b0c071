package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestTheQuestionSaysWhatIsPutWhereAndForWhom(t *testing.T) {
	server, _ := pushing(t)
	write(t, "keys/out.keypolicy.yaml", "key: alias/out\nkey_admins_roles: [KeyAdmin]\nexternal_accounts: [\"999999999999\"]\n")
	server.Add(kmstest.Key{Aliases: []string{"alias/out"}})
	r := keypolicy(t, "no\n", "apply", "keys")
	says(t, r, 2, "Write 2 policies in account "+kmstest.Account+", Region "+region+", as arn:aws:sts::"+kmstest.Account+":assumed-role/deployer/pipeline? 1 outsider gains access to 1 key. Only `yes` goes on: ")
	if r.out != "" {
		t.Errorf("stdout has %s", r.out)
	}
	// The plan is shown once: with the question, and not again with the result.
	r = keypolicy(t, "yes\n", "apply", "keys")
	says(t, r, 0, "2 updated")
	if strings.Count(r.errors+r.out, "role/payments-api gains Decrypt") != 1 || !strings.Contains(r.out, "updated    the same for 2 keys\n  keys/out.keypolicy.yaml: ") {
		t.Errorf("%s%s", r.errors, r.out)
	}
}

func TestTheQuestionCountsWhatIsMany(t *testing.T) {
	server, _ := pushing(t)
	var spec strings.Builder
	for i, in := range []string{"eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2", "us-west-2"} {
		fmt.Fprintf(&spec, "---\nname: k%d\nregion: %s\nkey: %s\nkey_users_roles: [a]\n", i, in, server.Add(kmstest.Key{Region: in}))
	}
	write(t, "keys/payments.keypolicy.yaml", spec.String())
	r := keypolicy(t, "no\n", "apply", "keys")
	says(t, r, 2, "Write 6 policies in account "+kmstest.Account+", 6 Regions, as arn:aws:sts::")
	if !strings.Contains(r.errors, "the same for 6 keys") || !strings.Contains(r.errors, "\naccount       Region       keys  to change\n123456789012  eu-west-1       1          1\n") {
		t.Error(r.errors)
	}
}

func TestARunSaysWhatCanBeDoneNext(t *testing.T) {
	server, key := pushing(t)
	r := keypolicy(t, "", "apply", "--yes", "--state-dir", "state", "keys")
	says(t, r, 0, "to undo this run: keypolicy apply --state-dir state --rollback state/")
	undo := strings.Fields(r.errors[strings.Index(r.errors, "keypolicy apply "):])[1:]
	expect(t, keypolicy(t, "", append(undo[:5:5], "--yes", "--format", "json")...), 0, map[string]int{"updated": 1})
	if server.Policy(key) != kmstest.DefaultPolicy(kmstest.Account) {
		t.Error("the command that was printed does not undo the run")
	}
	if r := keypolicy(t, "", "plan", "-o", "plan.json", "keys"); r.code != 0 {
		t.Fatal(r.errors)
	}
	server.Add(kmstest.Key{Aliases: []string{"alias/missing"}})
	write(t, "keys/missing.keypolicy.yaml", "key: alias/missing\nkey_users_roles: [ghost]\n")
	server.Missing = []string{"arn:aws:iam::" + kmstest.Account + ":role/ghost"}
	says(t, keypolicy(t, "", "apply", "--yes", "keys/missing.keypolicy.yaml"), 2, "1 key failed: fix the cause that the report gives, and try again with `keypolicy apply --resume`")
	server.SetPolicy(key, strings.Replace(server.Policy(key), "kms:*", "kms:Put*", 1))
	r = keypolicy(t, "", "apply", "--yes", "plan.json")
	says(t, r, 1, "1 key is refused: `keypolicy plan` shows what is live now; change the spec where the live policy is right")
	if strings.Contains(r.errors, "to undo") || strings.Contains(r.errors, "journal:") {
		t.Errorf("nothing was changed: %s", r.errors)
	}
	if r := keypolicy(t, "", "apply", "--yes", "--quiet", "keys"); r.code != 2 || r.errors != "" {
		t.Errorf("%d %s", r.code, r.errors)
	}
	server.Missing = nil
	if r := keypolicy(t, "", "apply", "--yes", "--quiet", "keys"); r.code != 0 || r.errors != "" {
		t.Errorf("%d %s", r.code, r.errors)
	}
	_ = os.Remove("plan.json")
}
