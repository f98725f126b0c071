package boxes

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
	for dim := range b {
		if b[dim].Within(d[dim]) {
			continue
		}
		s.Meter.Take(StepBox * (2*len(b) + len(d[dim]))) // two boxes to make
		piece := b.With(dim, b[dim].Minus(d[dim], s.Sizes[dim]))
		if !piece[dim].Empty() && !s.Remainder(piece, left, visit) {
			return false
		}
		b = b.With(dim, b[dim].And(d[dim]))
	}
	return true
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
