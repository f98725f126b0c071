package cli

import (
	"sync"
	"sync/atomic"
	"time"
)

// enough is how long rules may take on one statement, spec or policy, and then how much work they may do: hundreds of
// times what they take.
const enough = 5 * time.Second

// patience ends rules that never end, and no others: a machine that is busy with other things gives them little
// work in a long time, so both count.
type patience struct {
	worked func() time.Duration // by all of the process

	waits atomic.Int64 // under way
}

func newPatience() *patience { return &patience{worked: worked} }

// limit is the rules' limit: it calls cancel when the time is over and the work is done.
func (p *patience) limit(cancel func()) (stop func()) {
	p.waits.Add(1)
	w := &wait{patience: p, cancel: cancel}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(enough, w.begin)
	return w.stop
}

// over reports whether the work since the given moment is more than enough, shared among all that wait.
func (p *patience) over(since time.Duration) bool {
	return p.worked()-since >= enough*time.Duration(max(p.waits.Load(), 1))
}

var begun = time.Now()

type wait struct {
	patience *patience
	cancel   func()

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
	since   time.Duration // what the process had worked when the time was over
}

func (w *wait) begin() {
	w.since = w.patience.worked()
	w.look()
}

func (w *wait) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.stopped:
	case w.patience.over(w.since):
		w.cancel()
	default:
		w.timer = time.AfterFunc(enough/20, w.look)
	}
}

func (w *wait) stop() {
	w.patience.waits.Add(-1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}
