package ruletimeout

import (
	"testing"
	"time"
)

// What a rule may take is work: on a busy machine, where the process gets little of the processor, only time ends
// nothing, and the work of several that are under way is shared among them.
func TestTheLimitIsOfWork(t *testing.T) {
	for name, c := range map[string]struct {
		waits   int64
		cpuTime time.Duration
		over    bool
	}{
		"a busy machine":           {1, timeLimit / 10, false},
		"enough work for one":      {1, timeLimit, true},
		"as much is little for 4":  {4, timeLimit, false},
		"enough work for all four": {4, 4 * timeLimit, true},
	} {
		t.Run(name, func(t *testing.T) {
			const before = time.Hour
			p := &Timeout{cpuTime: func() time.Duration { return before + c.cpuTime }}
			p.waits.Store(c.waits)
			if got := p.over(before); got != c.over {
				t.Errorf("over is %v", got)
			}
		})
	}
}

// What was stopped ends nothing any more, and shares no work.
func TestAWaitThatIsStopped(t *testing.T) {
	p := &Timeout{cpuTime: func() time.Duration { return time.Hour }}
	w := &wait{timeout: p, cancel: func() { t.Error("it has ended what it waits for") }, timer: time.NewTimer(time.Hour)}
	p.waits.Add(1)
	w.stop()
	w.check()
	if n := p.waits.Load(); n != 0 {
		t.Errorf("%d waits are under way", n)
	}
}
