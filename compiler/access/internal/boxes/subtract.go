package boxes

import (
	"cmp"
	"slices"
	"sync"
)

// Meter counts the steps that a subtraction takes. It may end the search by a panic that its owner recovers.
type Meter interface {
	Take(steps int)
}

// Subtraction takes boxes from boxes within the budget of whoever asks.
type Subtraction struct {
	Sizes []int // classes of each dimension
	Meter Meter

	*rounds
}

// rounds are what a subtraction that runs keeps, one round after the other.
type rounds struct {
	left []*limits // what all of them still have to take away
	cuts []cut
}

// used are lists that subtractions have done with, which have grown already: most are short, and there are hundreds of thousands.
var used = sync.Pool{New: func() any { return &rounds{} }}

// cut is a dimension in which a box is cut in two, with what the box had there.
type cut struct {
	dim   int
	set   Set // what is taken away
	had   Set
	apart int // see cutsOf
}

// Remainder visits disjoint boxes that make up what is left of b without all of minus, till visit returns false. It
// returns false where it was stopped. Visit clones what it keeps.
// What b has outside of d is cut off one dimension at a time: the part that differs from d in the first, then, of
// what agrees with d there, the part that differs in the second, and so on. The parts are disjoint, at most one
// for each dimension, and each is asked against the other boxes in turn. The worst case is exponential in the
// boxes that overlap, so it runs under a meter; visiting instead of listing lets a question stop at its first
// witness.
func (s *Subtraction) Remainder(b Box, minus Union, visit func(Box) bool) bool {
	if b.Empty() { // it shares nothing with any
		s.Meter.Take(StepBase)
		return visit(b)
	}
	if s.rounds == nil { // not within a visit of its own
		s.rounds, _ = used.Get().(*rounds)
		defer func() {
			used.Put(s.rounds)
			s.rounds = nil
		}()
	}
	return s.remainder(slices.Clone(b), minus, false, visit)
}

// remainder is Remainder of a box that it can change meanwhile; ordered says that there were many boxes to take away.
func (s *Subtraction) remainder(b Box, minus []*limits, ordered bool, visit func(Box) bool) bool {
	first, steps, covered := len(s.left), StepBase+StepBox*len(minus), false
	for _, d := range minus {
		apart, words := d.disjoint(b)
		if steps += words; apart {
			continue
		}
		if covered = d.cuts(b, 1) == 0; covered {
			break
		}
		s.left = append(s.left, d)
	}
	left := slices.Clip(s.left[first:])
	defer func() { s.left = s.left[:first] }()
	s.Meter.Take(steps)
	switch {
	case covered:
		return true
	case len(left) == 0:
		return visit(b)
	}
	ordered = ordered || len(left) >= many
	from := len(s.cuts)
	s.cutsOf(b, s.narrowest(b, left), left, ordered)
	cuts := slices.Clip(s.cuts[from:])
	defer func() { s.cuts = s.cuts[:from] }()
	going := true
	for _, c := range cuts {
		s.Meter.Take(StepCut + 2*len(c.set))
		b[c.dim] = c.had.Minus(c.set, s.Sizes[c.dim])
		if !b[c.dim].Empty() {
			going = s.remainder(b, left, ordered, visit)
		}
		if !going {
			break
		}
		b[c.dim] = c.had.And(c.set)
	}
	for _, c := range cuts {
		b[c.dim] = c.had
	}
	return going
}

// many is from how many boxes to take away on the order of the cuts is chosen. Fewer are cut in the order of the keys, for all of them.
const many = 12

// cutsOf appends the dimensions in which b has more than d. In order, the dimension comes first in which d has least in common with the others: what agrees with d there meets few of them, so that only one piece goes on to all of them.
// For example fifty statements each ask for an environment of their own and an application of their own. Cut by
// environments, the rest of each statement meets no other one; cut by applications, each cut doubles the pieces.
func (s *Subtraction) cutsOf(b Box, d *limits, left []*limits, ordered bool) {
	from := len(s.cuts)
	for _, l := range d.sets {
		if had := b[l.dim]; !had.Within(l.set) {
			s.cuts = append(s.cuts, cut{dim: l.dim, set: l.set, had: had})
		}
	}
	cuts := s.cuts[from:]
	if !ordered || len(cuts) < 2 {
		return
	}
	for i := range cuts {
		c := &cuts[i]
		s.Meter.Take(len(left) * (1 + len(c.set)))
		for _, other := range left {
			if set := other.box[c.dim]; set != nil && c.had.apart(c.set, set) {
				c.apart++
			}
		}
	}
	slices.SortStableFunc(cuts, func(x, y cut) int { return cmp.Compare(y.apart, x.apart) })
}

// The steps of one round of subtraction, of one box that it looks at, and of one cut: most boxes are found disjoint at their first sets.
const (
	StepBase = 32
	StepBox  = 4
	StepCut  = 48
)

// narrowest picks the box that cuts b in the fewest dimensions: the search then splits least.
func (s *Subtraction) narrowest(b Box, list []*limits) *limits {
	best, fewest, steps := list[0], len(b)+1, 0
	for _, d := range list {
		steps += 1 + len(d.sets)
		if n := d.cuts(b, fewest); n < fewest {
			best, fewest = d, n
		}
		if fewest == 1 {
			break // none of them has less, as b is within none
		}
	}
	s.Meter.Take(steps)
	return best
}

// Covers reports whether some boxes hold all of b.
func (s *Subtraction) Covers(minus Union, b Box) bool {
	return s.Remainder(b, minus, func(Box) bool { return false })
}

// Meeting are the boxes of a union that share something with b.
func (s *Subtraction) Meeting(u Union, b Box) Union {
	var out Union
	for _, d := range u {
		apart, words := d.disjoint(b)
		if s.Meter.Take(StepBox + words); !apart {
			out = append(out, d)
		}
	}
	return out
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
