package push

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// broken makes a run that was killed: its plan, and what the journal got to say.
func (b *bench) broken(items []*Item, said func(j *Journal)) *Journal {
	b.t.Helper()
	j := b.begin(items).Journal
	said(j)
	if err := j.file.Close(); err != nil {
		b.t.Fatal(err)
	}
	return j
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestResumeSeesWhatWasDone(t *testing.T) {
	for name, test := range map[string]struct {
		said  func(t *testing.T, j *Journal, it *Item)
		live  string // "" is the one planned from
		state State
		why   string
		puts  int
	}{
		"not begun":            {func(*testing.T, *Journal, *Item) {}, "", Updated, "", 1},
		"not begun, drift":     {func(*testing.T, *Journal, *Item) {}, letting("theirs"), Refused, "nothing was put", 0},
		"not begun, as wanted": {func(*testing.T, *Journal, *Item) {}, letting("a"), Unchanged, "", 0},
		"begun, not put":       {func(t *testing.T, j *Journal, it *Item) { check(t, j.intend(it)) }, "", Updated, "", 1},
		"put":                  {func(t *testing.T, j *Journal, it *Item) { check(t, j.intend(it)) }, letting("a"), Updated, "before the run was broken off", 0},
		"put, another after":   {func(t *testing.T, j *Journal, it *Item) { check(t, j.intend(it)) }, letting("theirs"), Refused, "backup-0000.json", 0},
		"put and seen": {func(t *testing.T, j *Journal, it *Item) {
			check(t, j.intend(it))
			it.end(Updated, "")
			check(t, j.record(it))
		}, letting("theirs"), Updated, "", 0},
		"refused before": {func(t *testing.T, j *Journal, it *Item) {
			check(t, j.intend(it))
			it.end(Refused, "drift")
			check(t, j.record(it))
		}, "", Refused, "drift", 0},
		"a line that was broken": {func(t *testing.T, j *Journal, it *Item) {
			check(t, j.intend(it))
			_, err := j.file.Write([]byte(`{"event":"sta`))
			check(t, err)
		}, letting("a"), Updated, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{})
			items := b.plan(target(key, letting("a")))
			b.broken(items, func(j *Journal) { test.said(t, j, items[0]) })
			if folder, err := b.dir.Unfinished(); err != nil || folder == "" {
				t.Fatalf("%v: the run is not seen to be unfinished", err)
			}
			if test.live != "" {
				b.server.SetPolicy(key, test.live)
			}
			again := b.resume()
			expectState(t, again[0], test.state, test.why)
			if b.server.Count("PutKeyPolicy") != test.puts {
				t.Errorf("%d puts", b.server.Count("PutKeyPolicy"))
			}
			if test.state == Updated && test.live == "" && b.server.Policy(key) != letting("a") {
				t.Error("it is not updated")
			}
			if folder, err := b.dir.Unfinished(); err != nil || folder != "" {
				t.Errorf("%v: the run is still unfinished", err)
			}
		})
	}
}

func TestResumeKeepsWhatThePlanSaid(t *testing.T) {
	b := newBench(t)
	bad, good, same := b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{Policy: letting("s")})
	items := b.plan(target(bad, document(statement("use", `"kms:Decrypt"`, role("a")))), target(good, letting("a")), target(same, letting("s")))
	b.broken(items, func(*Journal) {})
	again := b.resume()
	expectState(t, again[0], Blocked, "nobody could change")
	expectState(t, again[1], Updated, "")
	expectState(t, again[2], Unchanged, "")
}

func TestResumeThatCannotReadLeavesTheKeyOpen(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	b.broken(items, func(j *Journal) { check(t, j.intend(items[0])) })
	b.server.SetPolicy(key, letting("a"))
	b.server.Denied = []string{"kms:GetKeyPolicy"}
	expectState(t, b.resume()[0], Unverified, "whether it was put is not known")
	b.server.Denied = nil
	expectState(t, b.resume()[0], Updated, "")
}

func TestResumeRefusesAPlanThatWasTouched(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	j := b.broken(items, func(*Journal) {})
	path := filepath.Join(j.Folder, planName)
	text, err := os.ReadFile(path)
	check(t, err)
	check(t, os.WriteFile(path, []byte(strings.Replace(string(text), "role/a", "role/b", 1)), 0o600))
	if _, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir); err == nil || !strings.Contains(err.Error(), "it is not as it was written, by its digest") {
		t.Error(err)
	}
}

func TestAJournalWithALineThatIsNoneIsNotBelieved(t *testing.T) {
	path := filepath.Join(t.TempDir(), journalFile)
	check(t, os.WriteFile(path, []byte("{\"event\":\"begin\"}\nnonsense\n{\"event\":\"end\"}\n"), 0o600))
	if _, err := readHistory(path); err == nil || !strings.Contains(err.Error(), "journal.jsonl:2") {
		t.Error(err)
	}
}

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

func TestOneRunAtATime(t *testing.T) {
	b := newBench(t)
	if _, err := OpenStateDir(b.path); err == nil || !strings.Contains(err.Error(), "another run works in") {
		t.Error(err)
	}
	b.dir.Close()
	b.openDir()
}

// atHour is a clock for runs that follow one another.
type atHour struct {
	quickClock
	hour int
}

func (c atHour) Now() time.Time { return c.quickClock.Now().Add(time.Duration(c.hour) * time.Hour) }

func TestResumePutsNothingOverALaterRun(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	before := b.server.Policy(key)
	items := b.plan(target(key, letting("a")))
	first := b.begin(items).Journal
	check(t, first.intend(items[0]))
	items[0].end(Unverified, "it was put and is not seen yet")
	check(t, first.record(items[0]))
	check(t, first.end())

	// A later run puts another policy, and is rolled back.
	items = b.plan(target(key, letting("b")))
	b.newRun(atHour{hour: 1})
	j, err := b.dir.Begin(items, Flags{}, b.cloud)
	check(t, err)
	check(t, (&Applier{Cloud: b.cloud, Journal: j}).Apply(t.Context(), items))
	expectState(t, items[0], Updated, "")
	expectState(t, b.rollback(j.Path())[0], Updated, "")

	expectState(t, b.resume()[0], Refused, "a later run has put a policy on the key")
	if b.server.Policy(key) != before {
		t.Error("what was rolled back was put again")
	}
	if _, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir); !errors.Is(err, ErrNothingToResume) {
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
	expectState(t, items[0], Unchanged, "another writer has put the same policy")
	if back := b.rollback(applier.Journal.Path()); len(back) != 0 || b.server.Policy(key) != letting("a") {
		t.Errorf("the other writer's policy was put over: %+v", back)
	}
}
