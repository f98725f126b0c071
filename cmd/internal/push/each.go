package push

import "sync"

// workers bounds the keys of one account and Region that are looked at side by side; the request rates bound the rest.
const workers = 16

// allWorkers bounds those of all accounts and Regions together.
const allWorkers = 512

// slot is the room that the work on one item takes. Work that only waits frees it meanwhile.
type slot struct{ group, all chan struct{} }

func (s *slot) take() {
	s.group <- struct{}{}
	s.all <- struct{}{}
}

func (s *slot) free() {
	<-s.all
	<-s.group
}

// each does something with every item, side by side.
func each[T any](items []*T, do func(it *T)) {
	eachBy(items, func(*T) int { return 0 }, do)
}

// eachBy does something with every item, side by side. Items of one group, such as an account and a Region, wait for the
// same request rate; each group has slots of its own, so that none waits for another's.
func eachBy[T any, K comparable](items []*T, group func(it *T) K, do func(it *T)) {
	eachInSlot(items, group, func(it *T, _ *slot) { do(it) })
}

// eachInSlot is eachBy for work that frees its slot while it waits.
func eachInSlot[T any, K comparable](items []*T, group func(it *T) K, do func(it *T, s *slot)) {
	var order []K
	groups := map[K][]*T{}
	for _, it := range items {
		k := group(it)
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], it)
	}
	every := make(chan struct{}, allWorkers)
	var all sync.WaitGroup
	for _, k := range order {
		s := &slot{group: make(chan struct{}, workers), all: every}
		all.Go(func() {
			for _, it := range groups[k] {
				s.take()
				all.Go(func() {
					defer s.free()
					do(it, s)
				})
			}
		})
	}
	all.Wait()
}
