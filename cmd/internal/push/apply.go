package push

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Applier puts what was planned.
type Applier struct {
	Cloud   *Cloud
	Journal *Journal
	Done    func()            // called after each key that is applied, from any goroutine; may be nil
	Waits   func(text string) // is called now and then with what takes long, from any goroutine; may be nil

	// Again says that an earlier run may have put these policies: seeing one is then an update and no coincidence.
	Again bool

	// MaxFailures is after how many failed or unverified keys no other is begun; 0 is never.
	MaxFailures int

	waiting waiting
}

const (
	putTries  = 10 // of putting one policy
	sureTries = 3  // reads in a row that make sure of another writer, or that a put has not happened

	// afterSignal is how long a run goes on after its context has ended: what is under way by then is reported as unverified.
	afterSignal = 25 * time.Second
)

// Apply puts each item that is to change, side by side, and ends each in a state. One that fails stops no other. When the
// context ends no further put is begun; those that are under way are brought to an end, for half a minute at most.
func (a *Applier) Apply(ctx context.Context, items []*Item) error {
	going, stop := grace(ctx, a.Cloud.options.Clock, afterSignal)
	defer stop()
	var failures atomic.Int64
	eachInSlot(items, scopeOf, func(it *Item, s *slot) {
		if it.State != Change {
			return
		}
		if n := failures.Load(); a.MaxFailures > 0 && n >= int64(a.MaxFailures) {
			it.notPut(fmt.Sprintf("it was not begun, as %d keys failed before it (--max-failures)", n))
			return
		}
		a.apply(ctx, going, it, s)
		if it.State == Failed || it.State == Unverified {
			failures.Add(1)
		}
		if a.Done != nil {
			a.Done()
		}
	})
	return a.Journal.end()
}

func (a *Applier) apply(ctx, going context.Context, it *Item, s *slot) {
	if ctx.Err() != nil {
		it.notPut("interrupted before it was begun")
		return
	}
	if err := a.Journal.intend(it); err != nil {
		it.notPut("the journal cannot be written: " + err.Error())
		return
	}
	p := &put{Applier: a, item: it, client: a.Cloud.KMS(it.Account, it.Region), stop: ctx, slot: s, sent: it.taken, taken: it.taken}
	// What is begun is brought to its end, so that its state is known: only its puts end with the context.
	p.runSafely(going)
	if err := a.Journal.record(it); err != nil && (it.State == Updated || it.State == Unverified) {
		it.Reason = "the journal could not be written at the end: " + err.Error()
	}
}
