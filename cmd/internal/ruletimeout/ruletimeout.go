// Package ruletimeout ends rules that never end, and no others: a user's rule can loop over what it makes, and a run must say which
// one does rather than hang.
package ruletimeout

import (
	"sync"
	"sync/atomic"
	"time"
)

// timeLimit is how long rules may take on one statement, spec or policy, and then how much work they may do: hundreds of
// times what they take.
const timeLimit = 5 * time.Second

// Timeout counts the time and the work of rules that are asked side by side. A machine that is busy with other things gives them
// little work in a long time, so both count.
type Timeout struct {
	cpuTime func() time.Duration // of all of the process

	waits atomic.Int64 // under way
}

// New counts by the processor time of this process.
func New() *Timeout { return &Timeout{cpuTime: cpuTime} }

// Limit is the limit of rules' evaluation: it calls cancel when the time is over and the work is done, unless stop is called before.
func (p *Timeout) Limit(cancel func()) (stop func()) {
	p.waits.Add(1)
	w := &wait{timeout: p, cancel: cancel}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(timeLimit, w.begin)
	return w.stop
}

// over reports whether the work since the given moment is more than the limit, shared among all that wait.
func (p *Timeout) over(since time.Duration) bool {
	return p.cpuTime()-since >= timeLimit*time.Duration(max(p.waits.Load(), 1))
}

var begun = time.Now()

type wait struct {
	timeout *Timeout
	cancel  func()

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
	since   time.Duration // the process's work when the time was over
}

func (w *wait) begin() {
	w.since = w.timeout.cpuTime()
	w.check()
}

func (w *wait) check() {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.stopped:
	case w.timeout.over(w.since):
		w.cancel()
	default:
		w.timer = time.AfterFunc(timeLimit/20, w.check)
	}
}

func (w *wait) stop() {
	w.timeout.waits.Add(-1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}
