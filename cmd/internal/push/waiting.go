package push

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// waitKind is what a pause waits for.
type waitKind int

const (
	waitReadBack waitKind = iota
	waitPrincipals
)

const (
	tellAfter   = 10 * time.Second // of one key's pauses
	reportEvery = 30 * time.Second // while any key waits
)

// waiting counts the keys that wait for long, and says so now and then.
type waiting struct {
	mu       sync.Mutex
	keys     map[waitKind]map[*Item]bool
	reported map[waitKind]time.Time
}

// pause waits between two tries. It gives false where it is not to be tried any more: the schedule is at its end, or the
// context is.
func (p *put) pause(ctx context.Context, s *schedule, kind waitKind) bool {
	d, ok := s.next()
	if !ok {
		return false
	}
	long := s.tries < 0 && s.spent > tellAfter
	if long {
		p.tellWait(kind, true)
		defer p.tellWait(kind, false)
	}
	if p.slot != nil && p.MaxFailures == 0 { // else how a key ends decides whether another is begun
		p.slot.free()
		defer p.slot.take()
	}
	return p.Cloud.options.Clock.Sleep(ctx, d) == nil
}

func (p *put) tellWait(kind waitKind, waits bool) {
	w := &p.waiting
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.keys == nil {
		w.keys, w.reported = map[waitKind]map[*Item]bool{waitReadBack: {}, waitPrincipals: {}}, map[waitKind]time.Time{}
	}
	if !waits {
		delete(w.keys[kind], p.item)
		return
	}
	w.keys[kind][p.item] = true
	now := p.Cloud.options.Clock.Now()
	if last, ok := w.reported[kind]; p.Waits == nil || ok && now.Sub(last) < reportEvery {
		return
	}
	w.reported[kind] = now
	n := len(w.keys[kind])
	keys := fmt.Sprintf("%d keys", n)
	if n == 1 {
		keys = p.item.Name()
	}
	switch kind {
	case waitReadBack:
		p.Waits(fmt.Sprintf("waiting until the policy of %s is seen: KMS can take several minutes to show a change, and it is looked for up to %s", keys, spell(changesAppear)))
	case waitPrincipals:
		p.Waits(fmt.Sprintf("waiting for principals of %s: KMS does not know them yet, as where they were made a moment ago, and it is tried for up to %s", keys, spell(principalsAppear)))
	}
}
