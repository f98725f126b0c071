package push

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

func TestAKeyIsNamedByItsARNWithoutACall(t *testing.T) {
	b := newBench(t)
	const id = "1234abcd-12ab-34cd-56ef-1234567890ab"
	for spelling, want := range map[string]string{
		id: "arn:aws:kms:" + region + ":" + kmstest.Account + ":key/" + id, "alias/none": "alias/none", "nonsense": "nonsense",
	} {
		wanted := target(spelling, letting("a"))
		wanted.Findings = diag.List{{Rule: "r", Severity: diag.Error}}
		if it := b.plan(wanted)[0]; it.Name() != want {
			t.Errorf("%s is named %s", spelling, it.Name())
		}
		wanted.Key.Account = ""
		if it := b.plan(wanted)[0]; it.Name() != spelling {
			t.Errorf("%s is named %s, and its account is not known", spelling, it.Name())
		}
	}
	if calls := b.server.Calls(); len(calls) > 0 {
		t.Errorf("AWS was asked %v", calls)
	}
}

func TestNoKeyIsBegunAfterTooManyFailures(t *testing.T) {
	const keys, most = 6 * workers, 3
	b := newBench(t)
	var targets []Target
	for range keys {
		targets = append(targets, target(b.server.Add(kmstest.Key{}), letting("a")))
	}
	items := b.plan(targets...)
	b.server.Denied = []string{"kms:PutKeyPolicy"}
	applier := b.begin(items)
	applier.MaxFailures = most
	check(t, applier.Apply(t.Context(), items))
	begun := 0
	for _, it := range items {
		if it.State != Failed {
			t.Errorf("%s is %s", it.Name(), it.State)
		}
		if !strings.Contains(it.Reason, "it was not begun, as") {
			begun++
		}
	}
	if begun < most || begun > most+workers || b.server.Count("PutKeyPolicy") != begun {
		t.Errorf("%d keys were begun, by %d puts", begun, b.server.Count("PutKeyPolicy"))
	}
	b.server.Denied = nil
	for _, it := range b.resume() {
		expectState(t, it, Updated, "")
	}
}

func TestReplicasWithoutASpecAreReported(t *testing.T) {
	b := newBench(t)
	arn := func(region string) string {
		return "arn:aws:kms:" + region + ":" + kmstest.Account + ":key/mrk-1234abcd12ab34cd56ef1234567890ab"
	}
	replicas := []string{arn("eu-west-1"), arn("us-east-1")}
	b.server.Add(kmstest.Key{ARN: arn(region), Replicas: replicas})
	b.server.Add(kmstest.Key{ARN: arn("eu-west-1"), Region: "eu-west-1", Primary: arn(region), Replicas: replicas})
	west := target(arn("eu-west-1"), letting("a"))
	west.Key.Region = "eu-west-1"
	items := b.plan(target(arn(region), letting("a")), west)
	for i, it := range items {
		expectState(t, it, Change, "")
		if !hasFinding(it, "replica-without-spec") || hasFinding(it, "replica") != (i == 1) {
			t.Errorf("%+v", it.Findings)
		}
		for _, f := range it.Findings {
			if f.Reason == "replica-without-spec" && !strings.HasSuffix(f.Message, ": "+arn("us-east-1")) {
				t.Error(f.Message)
			}
		}
	}
}

func TestWhatAKeysStateMeansIsReported(t *testing.T) {
	for state, reason := range map[string]string{"Disabled": "disabled", "PendingImport": "pending-import", "PendingDeletion": "pending-deletion"} {
		b := newBench(t)
		it := b.apply(target(b.server.Add(kmstest.Key{State: state}), letting("a")))[0]
		expectState(t, it, Updated, "")
		if !hasFinding(it, reason) {
			t.Errorf("%s: %+v", state, it.Findings)
		}
	}
}

func TestARunOfAnotherVersionIsSaidToBeOne(t *testing.T) {
	b := newBench(t)
	items := b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))
	j := b.broken(items, func(*Journal) {})
	check(t, os.WriteFile(filepath.Join(j.Folder, planName), []byte(`{"keypolicy_plan": 9, "what": {"is": "new"}}`), 0o600))
	if _, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir); err == nil || !strings.Contains(err.Error(), "writes plans of version 9, and this one writes version") {
		t.Error(err)
	}
	if _, err := ParsePlan([]byte(`{"keypolicy_plan": 9, "what": {"is": "new"}}`)); err == nil || !strings.Contains(err.Error(), "it is a plan of version 9") {
		t.Error(err)
	}
}

func TestTheSecondRunSaysWhoHoldsTheFolder(t *testing.T) {
	b := newBench(t)
	b.begin(nil)
	host, _ := os.Hostname()
	if _, err := OpenStateDir(b.path); err == nil || !strings.Contains(err.Error(), "another run works in "+b.path+" (process ") || !strings.Contains(err.Error(), " on "+host+", since 20") {
		t.Error(err)
	}
}
