package push

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

func TestNoSecondHasMoreRequestsThanTheQuota(t *testing.T) {
	for _, operation := range []string{"PutKeyPolicy", "GetKeyPolicy", "DescribeKey", "ListGrants", "Unheard"} {
		l := newLimiter(operation)
		quota, ok := facts.RequestRate(operation)
		if !ok {
			quota = 10
		}
		if int(float64(l.Burst())+float64(l.Limit())) > quota || l.Burst() < 1 || float64(l.Limit()) < float64(quota)*0.9 {
			t.Errorf("%s: %v requests a second and %d at once, of %d", operation, l.Limit(), l.Burst(), quota)
		}
	}
	l := &limits{}
	check(t, l.wait(t.Context(), bucket{"1", region, "PutKeyPolicy"}))
	check(t, l.wait(t.Context(), bucket{"1", "eu-west-1", "PutKeyPolicy"}))
	check(t, l.wait(t.Context(), bucket{"2", region, "PutKeyPolicy"}))
	if len(l.buckets) != 3 {
		t.Errorf("%d buckets", len(l.buckets))
	}
}

// However unequally long the reads before puts take, no second has more puts than the quota. A put that is too early keeps its turn
// and is made after another read, so that hardly a turn is lost.
func TestNoSecondHasMorePutsThanTheQuota(t *testing.T) {
	const quota, turns = 15, 3000
	put := bucket{"1", region, "PutKeyPolicy"}
	turn := time.Duration(float64(time.Second) / float64(newLimiter("PutKeyPolicy").Limit()))
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		read := func() time.Duration { return time.Duration(r.Int64N(int64(seed)*int64(5*time.Millisecond) + 1)) }
		var due []time.Duration // sorted
		for n := range turns {
			due = append(due, time.Duration(n)*turn+read())
		}
		slices.Sort(due)
		l := &limits{}
		var left []time.Duration
		for len(due) > 0 {
			now := due[0]
			due = due[1:]
			early := l.leave(put, time.Unix(0, int64(now)))
			if early <= 0 {
				left = append(left, now)
				continue
			}
			later := now + early + read()
			at, _ := slices.BinarySearch(due, later)
			due = slices.Insert(due, at, later)
		}
		for n := quota; n < len(left); n++ {
			if left[n]-left[n-quota] < time.Second {
				t.Fatalf("seed %d: %d puts within %v", seed, quota+1, left[n]-left[n-quota])
			}
		}
		if least := turns * time.Second / quota; left[turns-1] > least*103/100 {
			t.Errorf("seed %d: %d puts take %v, and the quota leaves %v", seed, turns, left[turns-1], least)
		}
	}
}

// sleepingClock is a time that passes only while somebody sleeps.
type sleepingClock struct {
	mu    sync.Mutex
	slept time.Duration
}

func (c *sleepingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return quickClock{}.Now().Add(c.slept)
}

func (c *sleepingClock) Sleep(ctx context.Context, d time.Duration) error {
	if d == afterSignal {
		<-ctx.Done()
		return ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept += d
	return ctx.Err()
}

// A put that would be one too many is not sent, and made a moment later.
func TestAPutBeyondTheQuotaIsMadeLater(t *testing.T) {
	server := kmstest.NewServer(t)
	kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
	key := server.Add(kmstest.Key{})
	clock := &sleepingClock{}
	cloud, err := Open(t.Context(), Options{Clock: clock})
	check(t, err)
	b := bucket{kmstest.Account, region, "PutKeyPolicy"}
	for range 15 {
		cloud.limits.leave(b, clock.Now())
	}
	err = cloud.KMS(kmstest.Account, region).PutPolicy(t.Context(), key, kmstest.DefaultPolicy(kmstest.Account))
	var early *earlyError
	if !errors.As(err, &early) || early.wait != time.Second || server.Count("PutKeyPolicy") != 0 {
		t.Fatalf("%v, after %d puts", err, server.Count("PutKeyPolicy"))
	}
	items := (&Planner{Cloud: cloud}).Plan(t.Context(), []Target{target(key, letting("r", "a"))})
	dir, err := OpenStateDir(t.TempDir() + "/state")
	check(t, err)
	defer dir.Close()
	journal, err := dir.Begin(items, Flags{}, nil, cloud)
	check(t, err)
	check(t, (&Applier{Cloud: cloud, Journal: journal}).Apply(t.Context(), items))
	puts, reads := server.Count("PutKeyPolicy"), server.Count("GetKeyPolicy")
	if items[0].State != Updated || puts != 1 || reads != 4 || clock.slept != time.Second { // to plan, twice before the put, and after it
		t.Errorf("it is %s (%s), after %d puts, %d reads and %v", items[0].State, items[0].Reason, puts, reads, clock.slept)
	}
}

func TestPausesGrowToTheirLimit(t *testing.T) {
	for n := range 10 {
		if d := pause(n); d < firstPause/2 || d > longestPause {
			t.Errorf("pause %d is %v", n, d)
		}
	}
	if err := (wallClock{}).Sleep(t.Context(), 0); err != nil || (wallClock{}).Now().IsZero() {
		t.Error(err)
	}
}

func TestASchedulesPausesAreAsLongAsItsTimeAndGrow(t *testing.T) {
	for _, total := range []time.Duration{changesAppear, principalsAppear} {
		s := newTimed(total, longestReadPause)
		var all, longest time.Duration
		n := 0
		for d, ok := s.next(); ok; d, ok = s.next() {
			all += d
			longest = max(longest, d)
			n++
		}
		if all != total || longest > longestReadPause || n > 25 {
			t.Errorf("%d pauses of %v at most take %v, not %v", n, longest, all, total)
		}
	}
	s := newSchedule(3)
	for range 3 {
		if _, ok := s.next(); !ok {
			t.Error("a pause is missing")
		}
	}
	if _, ok := s.next(); ok {
		t.Error("there is a fourth pause")
	}
}
