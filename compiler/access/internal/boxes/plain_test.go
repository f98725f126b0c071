package boxes_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// plainRemainder is Remainder without what saves time: every dimension is looked at, and every piece is a box of its own.
func plainRemainder(sizes []int, b boxes.Box, minus []boxes.Box, ordered bool, visit func(boxes.Box) bool) bool {
	has := func(b, d boxes.Box, dim int) bool { return b[dim].Within(d[dim]) }
	var left []boxes.Box
	for _, d := range minus {
		if b.Disjoint(d) {
			continue
		}
		if !slices.ContainsFunc(dimensions(sizes), func(dim int) bool { return !has(b, d, dim) }) {
			return true
		}
		left = append(left, d)
	}
	if len(left) == 0 {
		return visit(b)
	}
	more := func(d boxes.Box) (dims []int) {
		return slices.DeleteFunc(dimensions(sizes), func(dim int) bool { return has(b, d, dim) })
	}
	d := slices.MinFunc(left, func(x, y boxes.Box) int { return cmp.Compare(len(more(x)), len(more(y))) })
	dims := more(d)
	if ordered = ordered || len(left) >= 12; ordered {
		apart := func(dim int) (n int) {
			for _, other := range left {
				if b[dim].And(d[dim]).And(other[dim]).Empty() {
					n++
				}
			}
			return n
		}
		slices.SortStableFunc(dims, func(x, y int) int { return cmp.Compare(apart(y), apart(x)) })
	}
	for _, dim := range dims {
		piece := b.With(dim, b[dim].Minus(d[dim], sizes[dim]))
		if !piece[dim].Empty() && !plainRemainder(sizes, piece, left, ordered, visit) {
			return false
		}
		b = b.With(dim, b[dim].And(d[dim]))
	}
	return true
}

func dimensions(sizes []int) (all []int) {
	for dim := range sizes {
		all = append(all, dim)
	}
	return all
}

// TestRemainderIsWhatItIsWithoutSavings: the same boxes are visited, in the same order, till the same one.
func TestRemainderIsWhatItIsWithoutSavings(t *testing.T) {
	sizes := []int{3, 2, 5, 70, 3, 2}
	random := rand.New(rand.NewPCG(3, 4))
	set := func(n, limited int) boxes.Set {
		if random.IntN(limited) > 0 {
			return nil
		}
		s := boxes.NewSet(n)
		for i := range n {
			if random.IntN(4) > 0 {
				s.Add(i)
			}
		}
		if random.IntN(2) == 0 { // or all of them, one by one
			return s.Whole(n)
		}
		return s
	}
	box := func(limited int) (b boxes.Box) {
		for _, n := range sizes {
			b = append(b, set(n, limited))
		}
		return b
	}
	for round := range 2000 {
		b, stop := box(3), random.IntN(30)
		var minus []boxes.Box
		for range random.IntN([]int{4, 40}[round%2]) {
			minus = append(minus, box(1+random.IntN(3)))
		}
		list := func(remainder func(visit func(boxes.Box) bool) bool) (text string) {
			var seen []boxes.Box
			whole := remainder(func(left boxes.Box) bool {
				seen = append(seen, slices.Clone(left))
				return len(seen) != stop
			})
			return fmt.Sprint(whole, seen)
		}
		var steps counter
		sub := boxes.Subtraction{Sizes: sizes, Meter: &steps}
		got := list(func(visit func(boxes.Box) bool) bool { return sub.Remainder(b, boxes.NewUnion(minus), visit) })
		want := list(func(visit func(boxes.Box) bool) bool { return plainRemainder(sizes, b, minus, false, visit) })
		if got != want {
			t.Fatalf("%v less %v leaves\n%s\nand without savings\n%s", b, minus, got, want)
		}
	}
}
