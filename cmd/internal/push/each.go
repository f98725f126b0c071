package push

import "sync"

// workers bounds the keys of one account and Region that are looked at side by side; the request rates bound the rest.
const workers = 16

// allWorkers bounds those of all accounts and Regions together.
const allWorkers = 512

// each does something with every item, side by side.
func each[T any](items []*T, do func(it *T)) {
	eachBy(items, func(*T) int { return 0 }, do)
}

// eachBy does something with every item, side by side. Items of one group, such as an account and a Region, wait for the
// same request rate; each group has workers of its own, so that none waits for another's.
func eachBy[T any, K comparable](items []*T, group func(it *T) K, do func(it *T)) {
	var order []K
	groups := map[K][]*T{}
	for _, it := range items {
		k := group(it)
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], it)
	}
	slots := make(chan struct{}, allWorkers)
	var all sync.WaitGroup
	for _, k := range order {
		next := make(chan *T, len(groups[k]))
		for _, it := range groups[k] {
			next <- it
		}
		close(next)
		for range min(workers, len(groups[k])) {
			all.Go(func() {
				for it := range next {
					slots <- struct{}{}
					do(it)
					<-slots
				}
			})
		}
	}
	all.Wait()
}
