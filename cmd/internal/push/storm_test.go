package push

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

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
	t.Run("a fifth of all requests", func(t *testing.T) {
		b := newBench(t, impatient)
		count := b.storm(0.2, stormKeys, func() string { return b.server.Add(kmstest.Key{}) }, b.server.Policy)
		if count[Updated] < stormKeys*9/10 {
			t.Errorf("few were updated: %v", count)
		}
	})
	t.Run("most requests", func(t *testing.T) {
		b := newBench(t, impatient)
		b.storm(0.6, fewKeys, func() string { return b.server.Add(kmstest.Key{}) }, b.server.Policy)
	})
	t.Run("moto", func(t *testing.T) {
		moto := kmstest.StartMoto(t)
		id, secret := moto.User("deployer")
		proxy := kmstest.NewProxy(t, moto.URL)
		kmstest.Environment(t, proxy.URL, id, secret)
		cloud, err := Open(t.Context(), Options{Clock: quickClock{}, Unlimited: true, Timeout: 2 * time.Second})
		check(t, err)
		b := &bench{t: t, proxy: proxy, cloud: cloud, path: t.TempDir() + "/state"}
		b.openDir()
		count := b.storm(0.2, fewKeys, func() string { return moto.CreateKey(region, "") }, func(arn string) string { return moto.Policy(region, arn) })
		if count[Updated] < fewKeys*9/10 {
			t.Errorf("few were updated: %v", count)
		}
	})
}

// storm puts policies on many keys while a share of the requests goes wrong, and holds the report to what is live then.
func (b *bench) storm(share float64, keys int, add func() string, policy func(arn string) string) map[State]int {
	t := b.t
	t.Helper()
	b.proxy.Fault = storm(7, share, kmstest.AllFaults())
	var targets []Target
	before := map[string]string{}
	for i := range keys {
		arn := add()
		before[arn] = policy(arn)
		targets = append(targets, target(arn, letting(fmt.Sprintf("r%d", i), "a", "b", "c")))
	}
	count := map[State]int{}
	for i, it := range b.apply(targets...) {
		count[it.State]++
		arn, ours := targets[i].Key.ID, string(targets[i].Policy)
		live := policy(arn)
		switch {
		case live != ours && live != before[arn]:
			t.Errorf("%s has the policy %s", it.Name(), live)
		case it.State == Updated && live != ours, it.State == Failed && live != before[arn]:
			t.Errorf("%s is said to be %s (%s) and has the policy %s", it.Name(), it.State, it.Reason, live)
		case it.State != Updated && it.State != Failed && it.State != Unverified || it.State != Updated && it.Reason == "":
			t.Errorf("%s is %s (%s)", it.Name(), it.State, it.Reason)
		}
	}
	puts := b.proxy.Count("PutKeyPolicy")
	t.Log(count, len(b.proxy.Passed()), "requests carried out,", puts, "puts")
	// What is left is done by a second run in quiet, and nothing more.
	b.proxy.Fault = nil
	for _, it := range b.apply(targets...) {
		if it.State != Updated && it.State != Unchanged {
			t.Errorf("%s is %s (%s)", it.Name(), it.State, it.Reason)
		}
	}
	left := keys - count[Updated]
	if more := b.proxy.Count("PutKeyPolicy") - puts; more > left {
		t.Errorf("the second run made %d puts, and %d keys were left", more, left)
	}
	return count
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
		w.theirs[key] = letting(fmt.Sprintf("theirs%d", w.chance.IntN(1000)), "a", "b")
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
		targets = append(targets, target(b.server.Add(kmstest.Key{}), letting(fmt.Sprintf("r%d", i), "a", "b", "c")))
	}
	items := b.plan(targets...)
	b.proxy.Before, b.proxy.After = w.before, w.after
	check(t, b.begin(items).Apply(t.Context(), items))
	if len(w.bad) > 0 {
		t.Errorf("another writer's policy was seen and overwritten: %v", w.bad)
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
	if count[Refused]+count[Unverified] < 5 || count[Refused] == 0 || count[Updated] < fewKeys {
		t.Errorf("%v", count)
	}
	t.Log(count)
}
