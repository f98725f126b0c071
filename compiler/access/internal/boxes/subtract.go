package boxes

import (
	"cmp"
	"slices"
)

// Meter counts the steps that a subtraction takes. It may end the search by a panic that its owner recovers.
type Meter interface {
	Take(steps int)
}

// Subtraction takes boxes from boxes within the budget of whoever asks.
type Subtraction struct {
	Sizes []int // classes of each dimension
	Meter Meter
}

// Remainder visits disjoint boxes that make up what is left of b without all of minus, till visit returns false. It
// returns false where it was stopped.
// What b has outside of d is cut off one dimension at a time: the part that differs from d in the first, then, of
// what agrees with d there, the part that differs in the second, and so on. The parts are disjoint, at most one
// for each dimension, and each is asked against the other boxes in turn. The worst case is exponential in the
// boxes that overlap, so it runs under a meter; visiting instead of listing lets a question stop at its first
// witness.
func (s *Subtraction) Remainder(b Box, minus []Box, visit func(Box) bool) bool {
	return s.remainder(b, minus, false, visit)
}

// remainder is Remainder; ordered says that there were many boxes to take away.
func (s *Subtraction) remainder(b Box, minus []Box, ordered bool, visit func(Box) bool) bool {
	s.Meter.Take(StepBase + StepBox*len(minus))
	var left []Box
	for _, d := range minus {
		apart, words := b.disjoint(d)
		s.Meter.Take(words)
		if apart {
			continue
		}
		if b.within(d) {
			return true
		}
		left = append(left, d)
	}
	if len(left) == 0 {
		return visit(b)
	}
	s.Meter.Take(len(left) * (len(b) + b.words()))
	d := left[s.narrowest(b, left)]
	ordered = ordered || len(left) >= many
	for _, dim := range s.cuts(b, d, left, ordered) {
		s.Meter.Take(StepBox * (2*len(b) + len(d[dim]))) // two boxes to make
		piece := b.With(dim, b[dim].Minus(d[dim], s.Sizes[dim]))
		if !piece[dim].Empty() && !s.remainder(piece, left, ordered, visit) {
			return false
		}
		b = b.With(dim, b[dim].And(d[dim]))
	}
	return true
}

// many is from how many boxes to take away on the order of the cuts is chosen. Fewer are cut in the order of the keys, for all of them.
const many = 12

// cuts lists the dimensions in which b has more than d. In order, the dimension comes first in which d has least in common with the others: what agrees with d there meets few of them, so that only one piece goes on to all of them.
// For example fifty statements each ask for an environment of their own and an application of their own. Cut by
// environments, the rest of each statement meets no other one; cut by applications, each cut doubles the pieces.
func (s *Subtraction) cuts(b, d Box, left []Box, ordered bool) []int {
	var dims []int
	for dim := range b {
		if !b[dim].Within(d[dim]) {
			dims = append(dims, dim)
		}
	}
	if !ordered || len(dims) < 2 {
		return dims
	}
	apart := make([]int, len(b))
	for _, dim := range dims {
		shared := b[dim].And(d[dim])
		s.Meter.Take(len(left) * (1 + len(shared)))
		for _, other := range left {
			if none, _ := shared.disjoint(other[dim]); none {
				apart[dim]++
			}
		}
	}
	slices.SortStableFunc(dims, func(x, y int) int { return cmp.Compare(apart[y], apart[x]) })
	return dims
}

// The steps of one round of subtraction, and of one box that it looks at: most are found disjoint at their first sets.
const (
	StepBase = 32
	StepBox  = 4
)

// narrowest picks the box that cuts b in the fewest dimensions: the search then splits least.
func (s *Subtraction) narrowest(b Box, list []Box) int {
	best, cuts := 0, len(b)+1
	for i, d := range list {
		n := 0
		for dim := range b {
			if !b[dim].Within(d[dim]) {
				n++
			}
		}
		if n < cuts {
			best, cuts = i, n
		}
	}
	return best
}

// MeetAll is what each box of a list shares with q.
func (s *Subtraction) MeetAll(list []Box, q Box) []Box {
	var out []Box
	for _, b := range list {
		apart, words := b.disjoint(q)
		s.Meter.Take(words)
		if !apart {
			s.Meter.Take(StepBox*len(b) + b.words())
			out = append(out, b.and(q))
		}
	}
	return out
}
