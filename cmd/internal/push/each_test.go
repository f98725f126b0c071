package push

import (
	"sync/atomic"
	"testing"
)

// While all workers of one group wait, the items of another are done: requests of one account wait for no other's rate.
func TestGroupsDoNotWaitForOneAnother(t *testing.T) {
	type item struct{ group, n int }
	var items []*item
	for group := range 3 {
		for n := range 3 * workers {
			items = append(items, &item{group, n})
		}
	}
	others := make(chan struct{})
	var left, done atomic.Int64
	left.Store(6 * workers)
	eachBy(items, func(it *item) int { return it.group }, func(it *item) {
		if it.group == 0 {
			<-others
		} else if left.Add(-1) == 0 {
			close(others)
		}
		done.Add(1)
	})
	if done.Load() != int64(len(items)) {
		t.Errorf("%d of %d were done", done.Load(), len(items))
	}
}

func TestEachBoundsWhatGoesOnSideBySide(t *testing.T) {
	items := make([]*int, 10*workers)
	var now, most atomic.Int64
	each(items, func(*int) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); {
			m = most.Load()
		}
		now.Add(-1)
	})
	if most.Load() > workers {
		t.Errorf("%d at once", most.Load())
	}
}
