package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestAPlanFileIsShownAsPlanPrintedIt(t *testing.T) {
	server, _ := pushing(t)
	write(t, "keys/bad.keypolicy.yaml", "key: alias/bad\nkey_users_roles: [\"*\"]\n")
	write(t, "keys/out.keypolicy.yaml", "key: alias/out\nkey_admins_roles: [KeyAdmin]\nexternal_accounts: [\"999999999999\"]\n")
	write(t, "keys/none.keypolicy.yaml", "key: alias/none\n")
	server.Add(kmstest.Key{Aliases: []string{"alias/out"}, State: "PendingDeletion"})
	for _, format := range []string{"text", "markdown", "json"} {
		planned := keypolicy(t, "", "plan", "-o", "plan.json", "--format", format, "keys")
		calls := len(server.Calls())
		shown := keypolicy(t, "", "plan", "show", "--format", format, "plan.json")
		if shown.code != 0 || shown.out != planned.out {
			t.Errorf("%s: exit code %d: shown is\n%s\nand planned was\n%s%s", format, shown.code, shown.out, planned.out, shown.errors)
		}
		if len(server.Calls()) != calls {
			t.Error("AWS was asked")
		}
		if format == "text" && (!strings.Contains(shown.errors, "planned at 20") || !strings.Contains(shown.errors, ", as arn:aws:sts::"+kmstest.Account+":assumed-role/deployer/pipeline; it expires at 20")) {
			t.Error(shown.errors)
		}
	}
	says(t, keypolicy(t, "", "plan", "show", "keys/out.keypolicy.yaml"), 2, "keys/out.keypolicy.yaml is not a plan")
	says(t, keypolicy(t, "", "plan", "show", "nowhere"), 2, "nowhere: there is no such file")
	says(t, keypolicy(t, "", "plan", "show", "--format", "sarif", "plan.json"), 2, "--format is `sarif`")
	text, err := os.ReadFile("plan.json")
	if err != nil {
		t.Fatal(err)
	}
	write(t, "plan.json", strings.Replace(string(text), "alias/none", "alias/nine", 1))
	says(t, keypolicy(t, "", "plan", "show", "plan.json"), 2, "plan.json: it is not as it was written, by its digest")
	says(t, keypolicy(t, "", "apply", "--yes", "plan.json"), 2, "plan.json: it is not as it was written, by its digest")
}

func TestAPlanThatHasExpiredIsNotApplied(t *testing.T) {
	server, _ := pushing(t)
	expect(t, keypolicy(t, "", "plan", "-o", "plan.json", "--expires", "1ns", "--format", "json", "keys"), 0, map[string]int{"change": 1})
	says(t, keypolicy(t, "", "apply", "--yes", "plan.json"), 2, "plan.json: the plan has expired at 20")
	says(t, keypolicy(t, "", "plan", "show", "plan.json"), 0, "; it expired at 20")
	if server.Count("PutKeyPolicy") > 0 {
		t.Error("it was changed")
	}
	says(t, keypolicy(t, "", "plan", "-o", "plan.json", "--expires", "-1h", "keys"), 2, "--expires is -1h0m0s: write a time such as 24h")
	expect(t, keypolicy(t, "", "plan", "-o", "plan.json", "--expires", "0", "--format", "json", "keys"), 0, map[string]int{"change": 1})
	expect(t, keypolicy(t, "", "apply", "--yes", "--format", "json", "plan.json"), 0, map[string]int{"updated": 1})
}

func TestJSONSaysWhoHasPutWhat(t *testing.T) {
	_, _ = pushing(t)
	if err := os.RemoveAll(".git"); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "--allow-empty", "-m", "x"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git: %v: %s", err, out)
		}
	}
	head, err := exec.Command("git", "rev-parse", "HEAD").Output()
	if err != nil {
		t.Fatal(err)
	}
	r := keypolicy(t, "", "apply", "--yes", "--format", "json", "keys")
	expect(t, r, 0, map[string]int{"updated": 1})
	var result struct {
		Run struct {
			ID, Time, Version, Commit, Journal string
			Callers                            []string
		}
	}
	if err := json.Unmarshal([]byte(r.out), &result); err != nil {
		t.Fatal(err)
	}
	run := result.Run
	if run.ID == "" || run.Journal != ".keypolicy/"+run.ID+"/journal.jsonl" || run.Commit != strings.TrimSpace(string(head)) || run.Version == "" ||
		len(run.Callers) != 1 || run.Callers[0] != "arn:aws:sts::"+kmstest.Account+":assumed-role/deployer/pipeline" {
		t.Errorf("%+v", run)
	}
	if _, err := os.Stat(run.Journal); err != nil {
		t.Error(err)
	}
}
