package boxes_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

type counter int

func (c *counter) Take(steps int) { *c += counter(steps) }

// TestRemainderIsTheDifference holds the boxes that are left against the points of a small space, one by one, and that no two of
// them share a point.
func TestRemainderIsTheDifference(t *testing.T) {
	sizes := []int{3, 2, 5}
	random := rand.New(rand.NewPCG(1, 2))
	set := func(n int) boxes.Set {
		s := boxes.NewSet(n)
		for i := range n {
			if random.IntN(3) > 0 {
				s.Add(i)
			}
		}
		return s.Whole(n)
	}
	box := func() boxes.Box {
		var b boxes.Box
		for _, n := range sizes {
			b = append(b, set(n))
		}
		return b
	}
	holds := func(b boxes.Box, p [3]int) bool { return b[0].Has(p[0]) && b[1].Has(p[1]) && b[2].Has(p[2]) }
	for round := range 500 {
		whole := box()
		var less, left []boxes.Box
		for range random.IntN([]int{4, 30}[round%2]) { // few, or many, which are cut in another order
			less = append(less, box())
		}
		var steps counter
		sub := boxes.Subtraction{Sizes: sizes, Meter: &steps}
		sub.Remainder(whole, boxes.NewUnion(less), func(b boxes.Box) bool {
			left = append(left, slices.Clone(b))
			return true
		})
		if steps == 0 {
			t.Fatal("a subtraction took no steps")
		}
		for i := range 3 * 2 * 5 {
			p := [3]int{i % 3, i / 3 % 2, i / 6}
			want := 0
			if holds(whole, p) {
				want = 1
			}
			for _, b := range less {
				if holds(b, p) {
					want = 0
				}
			}
			got := 0
			for _, b := range left {
				if holds(b, p) {
					got++
				}
			}
			if got != want {
				t.Fatalf("%v less %v leaves %v: the point %v is in %d of these, want %d", whole, less, left, p, got, want)
			}
		}
	}
}

func TestRemainderStopsWhereVisitSaysSo(t *testing.T) {
	var steps counter
	sub := boxes.Subtraction{Sizes: []int{2}, Meter: &steps}
	if sub.Remainder(boxes.Box{nil}, nil, func(boxes.Box) bool { return false }) {
		t.Error("the search went on after visit returned false")
	}
}
