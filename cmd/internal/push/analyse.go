package push

import (
	"bytes"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// analyses bounds the reasoning about policies that goes on side by side: it takes memory, not only time.
type analyses struct {
	once  sync.Once
	slots chan struct{}
	heavy sync.RWMutex // a heavy one goes on beside no other

	mu       sync.Mutex
	spent    time.Duration // by heavy ones
	done     int           // heavy ones
	reported time.Duration // how much of what was spent was reported
}

// A policy is heavy by its length or by its patterns: what its analysis takes grows with how the patterns can overlap.
const (
	heavyBytes    = 12 << 10
	heavyPatterns = 150
)

func isHeavy(texts ...[]byte) bool {
	for _, text := range texts {
		if len(text) > heavyBytes || bytes.Count(text, []byte("*"))+bytes.Count(text, []byte("?")) > heavyPatterns {
			return true
		}
	}
	return false
}

// do reasons about policies when it is its turn.
func (a *analyses) do(p *Planner, reason func(), texts ...[]byte) {
	a.once.Do(func() { a.slots = make(chan struct{}, runtime.GOMAXPROCS(0)) })
	a.slots <- struct{}{}
	defer func() { <-a.slots }()
	if isHeavy(texts...) {
		a.heavy.Lock()
		defer a.heavy.Unlock()
		defer a.reportHeavy(p, p.Cloud.options.Now())
	} else {
		a.heavy.RLock()
		defer a.heavy.RUnlock()
	}
	reason()
}

// reportHeavy says now and then that large policies take their time.
func (a *analyses) reportHeavy(p *Planner, began time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done++
	a.spent += p.Cloud.options.Now().Sub(began)
	due := a.reported + reportEvery
	if a.reported == 0 {
		due = tellAfter
	}
	if p.Waits == nil || a.spent < due {
		return
	}
	a.reported = a.spent
	p.Waits(fmt.Sprintf("comparing large policies, one after the other: %d so far, in %s", a.done, spell(a.spent)))
}

// fault is the reason of a key that a fault of ours has ended.
func fault(found any) string {
	return fmt.Sprintf("keypolicy has a fault, which ended this key and no other: %v: report it, with the spec and the live policy", found)
}
