package push

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// signalClock ends the time after a signal when it is asked to.
type signalClock struct {
	countingClock
	over chan struct{}
}

func (c *signalClock) Sleep(ctx context.Context, d time.Duration) error {
	if d == afterSignal {
		select {
		case <-ctx.Done():
		case <-c.over:
		}
		return ctx.Err()
	}
	return c.countingClock.Sleep(ctx, d)
}

func TestAfterASignalWhatIsNotSeenIsUnverified(t *testing.T) {
	for name, fault := range map[string]kmstest.Fault{"taken": kmstest.None, "no answer": kmstest.ResetAfter} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			ctx, cancel := context.WithCancel(t.Context())
			clock := &signalClock{over: make(chan struct{})}
			b.cloud.options.Clock = clock
			var targets []Target
			for range 2 * workers {
				targets = append(targets, target(b.server.Add(kmstest.Key{}), letting("a")))
			}
			items := b.plan(targets...)
			// KMS goes silent after the first put, and the signal comes; then half a minute passes.
			var once sync.Once
			silent := false
			b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
				if silent {
					once.Do(func() { cancel(); close(clock.over) })
					return kmstest.SlowBefore
				}
				silent = r.Operation == "PutKeyPolicy"
				if silent {
					return fault
				}
				return kmstest.None
			}
			check(t, b.begin(items).Apply(ctx, items))
			unverified := 0
			for _, it := range items {
				switch live := b.server.Policy(it.ARN); it.State {
				case Unverified:
					unverified++
				case Failed:
					if live == letting("a") {
						t.Errorf("%s is failed (%s) and was put", it.Name(), it.Reason)
					}
				default:
					t.Errorf("%s is %s (%s)", it.Name(), it.State, it.Reason)
				}
			}
			if unverified == 0 {
				t.Error("none is unverified, and one was put")
			}
			h, err := readHistory(b.dir.Path + "/" + lastRun(t, b) + "/" + journalFile)
			if err != nil || !h.ended {
				t.Errorf("%v: the journal has no end", err)
			}
		})
	}
}

func lastRun(t *testing.T, b *bench) string {
	t.Helper()
	runs, err := b.dir.runs()
	check(t, err)
	return strings.TrimPrefix(runs[len(runs)-1], b.dir.Path+"/")
}

func TestARunThatEndsWhileAKeyWaitsSaysSo(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, l := range []*limits{{off: true}, {}} {
		if err := l.wait(ctx, bucket{operation: "PutKeyPolicy"}); err == nil || err.Error() != "interrupted before PutKeyPolicy was asked" || !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// gateClock lets no pause end before a gate is open.
type gateClock struct {
	quickClock
	gate  chan struct{}
	stuck atomic.Bool
}

func (c *gateClock) Sleep(ctx context.Context, d time.Duration) error {
	if d == afterSignal {
		return c.quickClock.Sleep(ctx, d)
	}
	select {
	case <-c.gate:
	case <-time.After(10 * time.Second):
		c.stuck.Store(true)
	}
	return ctx.Err()
}

// Keys whose policies are not seen yet, however many, keep no other from being put.
func TestAReadBackHoldsNoWorker(t *testing.T) {
	const keys = 3 * workers
	clock := &gateClock{gate: make(chan struct{})}
	b := newBench(t, func(o *Options) { o.Clock = clock })
	var mu sync.Mutex
	put := map[string]bool{}
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if r.Operation == "PutKeyPolicy" {
			if put[r.Key] = true; len(put) == keys {
				close(clock.gate)
			}
		}
		if r.Operation == "GetKeyPolicy" && put[r.Key] && len(put) < keys {
			return kmstest.Stale
		}
		return kmstest.None
	}
	var targets []Target
	for i := range keys {
		targets = append(targets, target(b.server.Add(kmstest.Key{}), letting(fmt.Sprintf("r%d", i))))
	}
	for _, it := range b.apply(targets...) {
		expectState(t, it, Updated, "")
	}
	if clock.stuck.Load() {
		t.Error("keys waited for read-backs of others")
	}
}
