package push

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

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
		"not begun, drift":     {func(*testing.T, *Journal, *Item) {}, letting("theirs"), Refused, "nothing was changed", 0},
		"not begun, as wanted": {func(*testing.T, *Journal, *Item) {}, letting("a"), Unchanged, "", 0},
		"begun, not put":       {func(t *testing.T, j *Journal, it *Item) { check(t, j.intend(it)) }, "", Updated, "", 1},
		"put":                  {func(t *testing.T, j *Journal, it *Item) { check(t, j.intend(it)) }, letting("a"), Updated, "before the run was interrupted", 0},
		"put, another after":   {func(t *testing.T, j *Journal, it *Item) { check(t, j.intend(it)) }, letting("theirs"), Unverified, "backup-0000.json", 0},
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
			if test.state == Unverified { // the put may still arrive; later it cannot
				b.cloud.options.Clock = atHour{hour: 1}
				expectState(t, b.resume()[0], Refused, test.why)
			}
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
	expectState(t, again[0], Blocked, "no principal could change")
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
	expectState(t, b.resume()[0], Unverified, "whether it was applied is not known")
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

func TestOneRunAtATime(t *testing.T) {
	b := newBench(t)
	other, err := OpenStateDir(b.path) // both before either has begun
	check(t, err)
	items := b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))
	b.begin(items)
	if _, err := other.Begin(items, Flags{}, nil, b.cloud); err == nil || !strings.Contains(err.Error(), "another run has begun in "+b.path+" meanwhile (process ") {
		t.Error(err)
	}
	if _, err := OpenStateDir(b.path); err == nil || !strings.Contains(err.Error(), "another run works in") {
		t.Error(err)
	}
	b.dir.Close()
	b.openDir()
}

func TestWhatFailedIsTriedAgainAsOftenAsItIsAskedFor(t *testing.T) {
	b := newBench(t)
	put, unread := b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{})
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if r.Operation == "PutKeyPolicy" && r.Key == put || r.Operation == "DescribeKey" && r.Key == unread {
			return kmstest.Throttled
		}
		return kmstest.None
	}
	items := b.apply(target(put, letting("a", "b")), target(unread, letting("a", "b")))
	for range 3 {
		expectState(t, items[0], Failed, "nothing was changed")
		expectState(t, items[1], Failed, "too many requests")
		items = b.resume()
	}
	b.proxy.Fault = nil
	for _, it := range b.resume() {
		expectState(t, it, Updated, "")
	}
	b.nothingToResume()
}

func TestResumeRemembersThatTheCallerMayLoseAccess(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	wanted := target(key, document(statement("admin", `"kms:*"`, role("admin"))))
	items := (&Planner{Cloud: b.cloud, AllowLosingOwnAccess: true}).Plan(t.Context(), []Target{wanted})
	expectState(t, items[0], Change, "")
	j, err := b.dir.Begin(items, Flags{AllowLosingOwnAccess: true}, nil, b.cloud)
	check(t, err)
	check(t, j.file.Close())
	run, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir)
	check(t, err)
	expectState(t, run.Items[0], Change, "")
}

func TestResumeRemembersWhatKMSAnswered(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if r.Operation == "PutKeyPolicy" {
			b.server.Denied = []string{"kms:GetKeyPolicy"}
		}
		return kmstest.None
	}
	check(t, b.begin(items).Apply(t.Context(), items))
	expectState(t, items[0], Unverified, "KMS took the policy")
	again := b.resume()[0]
	expectState(t, again, Unverified, "KMS took the policy")
	if strings.Contains(again.Reason, "not known") || strings.Contains(again.Reason, "was interrupted") {
		t.Error(again.Reason)
	}
	b.server.Denied = nil
	expectState(t, b.resume()[0], Updated, "")
}
