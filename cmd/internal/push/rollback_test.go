package push

import (
	"os"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func (b *bench) rollback(journal string) []*Item {
	b.t.Helper()
	items, err := (&Planner{Cloud: b.cloud}).Rollback(b.t.Context(), journal)
	check(b.t, err)
	check(b.t, b.begin(items).Apply(b.t.Context(), items))
	return items
}

func TestRollbackPutsBackWhatWasThere(t *testing.T) {
	b := newBench(t)
	old := document(rootAll, statement("a label", `"kms:Encrypt"`, role("o")))
	first, second, third := b.server.Add(kmstest.Key{Policy: old, State: "PendingDeletion"}), b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{Policy: letting("a")})
	items := b.plan(target(first, letting("a")), target(second, letting("a")), target(third, letting("a")))
	applier := b.begin(items)
	check(t, applier.Apply(t.Context(), items))
	b.server.SetPolicy(second, letting("theirs"))

	back := b.rollback(applier.Journal.Path())
	if !hasFinding(back[0], "pending-deletion") || back[0].Findings[0].Place.File != back[0].File {
		t.Errorf("what is found is nowhere: %+v", back[0].Findings)
	}
	if len(back) != 2 {
		t.Fatalf("%d keys are put back: the third was never put", len(back))
	}
	expectState(t, back[0], Updated, "")
	expectState(t, back[1], Refused, "drift")
	if b.server.Policy(first) != old || b.server.Policy(second) != letting("theirs") || b.server.Policy(third) != letting("a") {
		t.Error("what was there is not there")
	}
	expectState(t, b.rollback(applier.Journal.Folder)[0], Unchanged, "")
}

func TestRollbackPutsNoBackupThatWasTouched(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	applier := b.begin(items)
	check(t, applier.Apply(t.Context(), items))
	check(t, os.WriteFile(applier.Journal.backup(items[0]), []byte(letting("evil")), 0o600))
	if _, err := (&Planner{Cloud: b.cloud}).Rollback(t.Context(), applier.Journal.Path()); err == nil || !strings.Contains(err.Error(), "is not the policy that was saved") {
		t.Error(err)
	}
	if _, err := (&Planner{Cloud: b.cloud}).Rollback(t.Context(), "none"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
}

func TestRollbackLeavesWhatAnotherWriterHasPut(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	b.server.SetPolicy(key, letting("a"))
	applier := b.begin(items)
	check(t, applier.Apply(t.Context(), items))
	expectState(t, items[0], Unchanged, "another writer has written the same policy")
	if back := b.rollback(applier.Journal.Path()); len(back) != 0 || b.server.Policy(key) != letting("a") {
		t.Errorf("the other writer's policy was overwritten: %+v", back)
	}
}

// What another pipeline has put is not reverted, though it is what the run was to put.
func TestRollbackPutsBackOnlyWhatItsRunHasPut(t *testing.T) {
	b := newBench(t)
	failed, refused, put, unseen := b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{})
	before := b.server.Policy(put)
	items := b.plan(target(failed, letting("a")), target(refused, letting("a")), target(put, letting("a")), target(unseen, letting("a")))
	b.server.SetPolicy(refused, letting("theirs"))
	isPut := false
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		switch {
		case r.Operation == "PutKeyPolicy" && r.Key == failed:
			return kmstest.Throttled
		case r.Operation == "PutKeyPolicy" && r.Key == unseen:
			isPut = true
		case r.Operation == "GetKeyPolicy" && r.Key == unseen && isPut:
			return kmstest.Stale
		}
		return kmstest.None
	}
	applier := b.begin(items)
	check(t, applier.Apply(t.Context(), items))
	b.proxy.Fault = nil
	for i, want := range []State{Failed, Refused, Updated, Unverified} {
		expectState(t, items[i], want, "")
	}
	for _, key := range []string{failed, refused} { // the other pipeline puts the very same
		b.server.SetPolicy(key, letting("a"))
	}
	if back := b.rollback(applier.Journal.Path()); len(back) != 2 {
		t.Fatalf("%d keys are put back", len(back))
	}
	for _, key := range []string{failed, refused} {
		if b.server.Policy(key) != letting("a") {
			t.Error("another pipeline's policy was reverted")
		}
	}
	for _, key := range []string{put, unseen} {
		if b.server.Policy(key) != before {
			t.Error("what the run put was not put back")
		}
	}
}
