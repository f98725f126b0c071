package push

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// onPut makes faults of the first puts, in order; nothing else is touched.
func onPut(faults ...kmstest.Fault) func(kmstest.Request) kmstest.Fault {
	n := 0
	return func(r kmstest.Request) kmstest.Fault {
		if r.Operation != "PutKeyPolicy" || n == len(faults) {
			return kmstest.None
		}
		n++
		return faults[n-1]
	}
}

func TestAPutWithAnyFaultIsPutOnceMoreOrSeen(t *testing.T) {
	for name, test := range map[string]struct {
		fault kmstest.Fault
		puts  int // that were carried out
	}{
		"throttled":              {kmstest.Throttled, 1},
		"broken":                 {kmstest.Broken, 1},
		"broken, carried out":    {kmstest.BrokenAfter, 1},
		"reset":                  {kmstest.ResetBefore, 1},
		"reset, carried out":     {kmstest.ResetAfter, 1},
		"no answer":              {kmstest.SlowBefore, 1},
		"no answer, carried out": {kmstest.SlowAfter, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(o *Options) {
				if strings.HasPrefix(name, "no answer") {
					o.Timeout = time.Second
				}
			})
			b.proxy.Fault = onPut(test.fault)
			key := b.server.Add(kmstest.Key{})
			it := b.apply(target(key, letting("a")))[0]
			expectState(t, it, Updated, "")
			if b.server.Policy(key) != letting("a") || b.server.Count("PutKeyPolicy") != test.puts {
				t.Errorf("%d puts were carried out", b.server.Count("PutKeyPolicy"))
			}
			expectState(t, b.plan(target(key, letting("a")))[0], Unchanged, "")
		})
	}
}

func TestTheSDKRetriesNoPut(t *testing.T) {
	b := newBench(t)
	sent := 0
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if r.Operation == "PutKeyPolicy" {
			sent++
			return kmstest.Throttled
		}
		return kmstest.None
	}
	key := b.server.Add(kmstest.Key{})
	it := b.apply(target(key, letting("a")))[0]
	expectState(t, it, Failed, "too many requests of kms:PutKeyPolicy")
	if sent != putTries {
		t.Errorf("%d puts were sent, not our own %d", sent, putTries)
	}
	reads := b.proxy.Count("GetKeyPolicy")
	if reads != putTries+1 {
		t.Errorf("%d reads: one of the plan, and one before each put, are %d", reads, putTries+1)
	}
}

func TestAPutThatIsNotSeenIsUnverified(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	put := false
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		put = put || r.Operation == "PutKeyPolicy"
		if put && r.Operation == "GetKeyPolicy" {
			return kmstest.Stale
		}
		return kmstest.None
	}
	items := b.apply(target(key, letting("a")))
	expectState(t, items[0], Unverified, "KMS took the policy, and it is not seen after 5 minutes")
	if b.server.Count("PutKeyPolicy") != 1 {
		t.Error("it was applied again")
	}
	// Later it is seen, only by reading.
	b.proxy.Fault = nil
	again := b.resume()
	expectState(t, again[0], Updated, "")
	if b.server.Count("PutKeyPolicy") != 1 {
		t.Error("it was applied again")
	}
}

// resume takes up a run and brings it to its end.
func (b *bench) resume() []*Item {
	b.t.Helper()
	p := &Planner{Cloud: b.cloud}
	if b.specs != nil {
		p.SpecDigest = func(file string) (string, error) {
			if digest, ok := b.specs[file]; ok {
				return digest, nil
			}
			return "", os.ErrNotExist
		}
	}
	run, err := p.Resume(b.t.Context(), b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := (&Applier{Cloud: b.cloud, Journal: run.Journal, Again: true}).Apply(b.t.Context(), run.Items); err != nil {
		b.t.Fatal(err)
	}
	return run.Items
}

func TestStaleReadsAfterAPutAreWaitedFor(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	stale, put := 15, false
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		put = put || r.Operation == "PutKeyPolicy"
		if put && stale > 0 {
			stale--
			return kmstest.Stale
		}
		return kmstest.None
	}
	expectState(t, b.apply(target(key, letting("a")))[0], Updated, "")
}

func TestWhenKMSIsGoneAfterAPutNothingIsClaimed(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	gone := false
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if gone {
			return kmstest.ResetBefore
		}
		if gone = r.Operation == "PutKeyPolicy"; gone {
			return kmstest.ResetAfter
		}
		return kmstest.None
	}
	expectState(t, b.apply(target(key, letting("a")))[0], Unverified, "whether it was applied is not known")
	b.proxy.Fault = nil
	b.reopen()
	expectState(t, b.resume()[0], Updated, "")
	if _, err := (&Planner{Cloud: b.cloud}).Resume(t.Context(), b.dir); err != ErrNothingToResume { //nolint:errorlint // it is the very one
		t.Errorf("there is still something to resume: %v", err)
	}
}

func TestWhenKMSIsGoneBeforeAPutNothingWasPut(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	b.proxy.Fault = func(kmstest.Request) kmstest.Fault { return kmstest.ResetBefore }
	if err := b.begin(items).Apply(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	expectState(t, items[0], Failed, "nothing was changed")
}

func TestWhatKMSRefusesIsFinal(t *testing.T) {
	b := newBench(t)
	b.server.Missing = []string{role("ghost")}
	key := b.server.Add(kmstest.Key{})
	b.server.Denied = []string{"kms:PutKeyPolicy"}
	expectState(t, b.apply(target(key, letting("a")))[0], Failed, "the caller may not do kms:PutKeyPolicy on `"+key+"`")
}

func TestOneFailureStopsNoOther(t *testing.T) {
	b := newBench(t)
	b.server.Missing = []string{role("ghost")}
	var targets []Target
	for _, name := range []string{"a", "ghost", "b", "c"} {
		targets = append(targets, target(b.server.Add(kmstest.Key{}), letting(name)))
	}
	targets = append(targets, target("alias/none", letting("a")))
	items := b.apply(targets...)
	for i, want := range []State{Updated, Failed, Updated, Updated, Failed} {
		if items[i].State != want || items[i].File != targets[i].File {
			t.Errorf("%d: %s (%s)", i, items[i].State, items[i].Reason)
		}
	}
}

func TestAnInterruptBringsWhatIsBegunToItsEnd(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	var once sync.Once
	var targets []Target
	for range 3 * workers {
		targets = append(targets, target(b.server.Add(kmstest.Key{}), letting("a")))
	}
	items := b.plan(targets...)
	b.proxy.Before = func(r kmstest.Request) {
		if r.Operation == "PutKeyPolicy" {
			once.Do(cancel)
		}
	}
	if err := b.begin(items).Apply(ctx, items); err != nil {
		t.Fatal(err)
	}
	updated := 0
	for i, it := range items {
		live := b.server.Policy(targets[i].Key.ID)
		switch it.State {
		case Updated:
			updated++
			if live != letting("a") {
				t.Errorf("%s is said to be updated", it.Name())
			}
		case Failed:
			if live == letting("a") || !strings.Contains(it.Reason, "interrupted") {
				t.Errorf("%s is said to have failed (%s)", it.Name(), it.Reason)
			}
		default:
			t.Errorf("%s is %s (%s)", it.Name(), it.State, it.Reason)
		}
	}
	if updated == 0 || updated == len(items) {
		t.Errorf("%d of %d were updated", updated, len(items))
	}
}

func TestAPutWithoutAnAnswerIsNotMadeAgainForStaleReads(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	stale := -1
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		switch {
		case r.Operation == "PutKeyPolicy" && stale < 0:
			stale = sureTries - 1
			return kmstest.ResetAfter
		case stale > 0:
			stale--
			return kmstest.Stale
		}
		return kmstest.None
	}
	expectState(t, b.apply(target(key, letting("a")))[0], Updated, "")
	if n := b.server.Count("PutKeyPolicy"); n != 1 {
		t.Errorf("it was applied %d times", n)
	}
}
