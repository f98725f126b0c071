package push

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

const (
	stormKeys = 200
	fewKeys   = 40 // for storms that take long
)

// storm makes faults of a share of the requests to KMS, in an order that the seed gives.
func storm(seed uint64, share float64, faults []kmstest.Fault) func(kmstest.Request) kmstest.Fault {
	chance := rand.New(rand.NewPCG(seed, seed))
	return func(r kmstest.Request) kmstest.Fault {
		if r.Service != "kms" || chance.Float64() >= share {
			return kmstest.None
		}
		return faults[chance.IntN(len(faults))]
	}
}

func TestManyKeysUnderFaultsOfEveryKind(t *testing.T) {
	for share, keys := range map[float64]int{0.2: stormKeys, 0.6: fewKeys} {
		t.Run(fmt.Sprint(share), func(t *testing.T) {
			b := newBench(t, impatient)
			b.proxy.Fault = storm(7, share, kmstest.AllFaults())
			var targets []Target
			for i := range keys {
				targets = append(targets, target(b.server.Add(kmstest.Key{}), letting(fmt.Sprintf("r%d", i))))
			}
			items := b.apply(targets...)
			count := map[State]int{}
			for i, it := range items {
				count[it.State]++
				live := b.server.Policy(targets[i].Key.ID)
				ours, before := string(targets[i].Policy), kmstest.DefaultPolicy(kmstest.Account)
				switch {
				case live != ours && live != before:
					t.Errorf("%s has the policy %s", it.Name(), live)
				case it.State == Updated && live != ours, it.State == Failed && live != before:
					t.Errorf("%s is said to be %s (%s) and has the policy %s", it.Name(), it.State, it.Reason, live)
				case it.State != Updated && it.State != Failed && it.State != Unverified || it.State != Updated && it.Reason == "":
					t.Errorf("%s is %s (%s)", it.Name(), it.State, it.Reason)
				}
			}
			t.Log(count, len(b.proxy.Passed()), "requests carried out,", b.server.Count("PutKeyPolicy"), "puts")
			if share < 0.5 && count[Updated] < keys*9/10 {
				t.Errorf("few were updated: %v", count)
			}
			// What is left is done by a second run in quiet, and nothing more.
			b.proxy.Fault = nil
			puts := b.server.Count("PutKeyPolicy")
			for _, it := range b.apply(targets...) {
				if it.State != Updated && it.State != Unchanged {
					t.Errorf("%s is %s (%s)", it.Name(), it.State, it.Reason)
				}
			}
			left := keys - count[Updated]
			if more := b.server.Count("PutKeyPolicy") - puts; more > left {
				t.Errorf("the second run made %d puts, and %d keys were left", more, left)
			}
		})
	}
}

// writers is another writer that puts policies while a run goes on, and a witness of who put what over whom.
type writers struct {
	b  *bench
	mu sync.Mutex

	chance *rand.Rand
	read   map[string]string // by key: what the run's last read of it showed
	theirs map[string]string // by key: what the other writer has put last
	bad    []string
}

func (w *writers) before(r kmstest.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch r.Operation {
	case "GetKeyPolicy": // in time for the read to show it
		w.maybe(r.Key)
		w.read[r.Key] = w.b.server.Policy(r.Key)
	case "PutKeyPolicy":
		if w.theirs[r.Key] != "" && w.read[r.Key] == w.theirs[r.Key] {
			w.bad = append(w.bad, r.Key)
		}
	}
}

func (w *writers) after(r kmstest.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.Operation == "PutKeyPolicy" {
		w.maybe(r.Key)
	}
}

func (w *writers) maybe(key string) {
	if w.chance.Float64() < 0.05 {
		w.theirs[key] = letting(fmt.Sprintf("theirs%d", w.chance.IntN(1000)))
		w.b.server.SetPolicy(key, w.theirs[key])
	}
}

func TestNoOtherWriterIsPutOver(t *testing.T) {
	b := newBench(t, impatient)
	faults := []kmstest.Fault{kmstest.Throttled, kmstest.Broken, kmstest.BrokenAfter, kmstest.ResetBefore, kmstest.ResetAfter, kmstest.SlowBefore, kmstest.SlowAfter}
	b.proxy.Fault = storm(11, 0.2, faults)
	w := &writers{b: b, chance: rand.New(rand.NewPCG(3, 3)), read: map[string]string{}, theirs: map[string]string{}}
	var targets []Target
	for i := range 2 * fewKeys {
		targets = append(targets, target(b.server.Add(kmstest.Key{}), letting(fmt.Sprintf("r%d", i))))
	}
	items := b.plan(targets...)
	b.proxy.Before, b.proxy.After = w.before, w.after
	check(t, b.begin(items).Apply(t.Context(), items))
	if len(w.bad) > 0 {
		t.Errorf("another writer's policy was seen and put over: %v", w.bad)
	}
	count := map[State]int{}
	for i, it := range items {
		count[it.State]++
		live, ours := b.server.Policy(targets[i].Key.ID), string(targets[i].Policy)
		switch it.State {
		case Updated:
			if live != ours && w.theirs[it.ARN] == "" {
				t.Errorf("%s is said to be updated and has %s", it.Name(), live)
			}
		case Refused:
			if w.theirs[it.ARN] == "" || live != w.theirs[it.ARN] {
				t.Errorf("%s is refused (%s) and has %s", it.Name(), it.Reason, live)
			}
		case Failed, Unverified:
			t.Logf("%s is %s (%s)", it.Name(), it.State, it.Reason)
		default:
			t.Errorf("%s is %s", it.Name(), it.State)
		}
	}
	if count[Refused] < 5 || count[Updated] < fewKeys {
		t.Errorf("%v", count)
	}
	t.Log(count)
}
