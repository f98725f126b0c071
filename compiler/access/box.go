package access

// box is a set of requests: one set of classes a dimension, all of which must hold. The dimensions are the callers, the
// actions, and each condition key that the policies look at.
type box []bitset

const (
	dimCaller = 0
	dimAction = 1
	dimKeys   = 2 // and on
)

func (b box) empty() bool {
	for _, s := range b {
		if s.empty() {
			return true
		}
	}
	return false
}

func (b box) disjoint(c box) bool {
	for i := range b {
		if b[i].disjoint(c[i]) {
			return true
		}
	}
	return false
}

func (b box) within(c box) bool {
	for i := range b {
		if !b[i].within(c[i]) {
			return false
		}
	}
	return true
}

// meet is the box of what both hold; ok is false where they share nothing.
func (b box) meet(c box) (out box, ok bool) {
	if b.disjoint(c) {
		return nil, false
	}
	out = make(box, len(b))
	for i := range b {
		out[i] = b[i].and(c[i])
	}
	return out, true
}

func (b box) with(dim int, s bitset) box {
	out := make(box, len(b))
	copy(out, b)
	out[dim] = s
	return out
}

func meetAll(list []box, q box) []box {
	var out []box
	for _, b := range list {
		if m, ok := b.meet(q); ok {
			out = append(out, m)
		}
	}
	return out
}

// keep adds a box that a search found to its list.
func (s *space) keep(list []box, b box) []box {
	s.meter.hold(bytesPerSet * len(b))
	return append(list, b)
}

// bytesPerSet is about what a set of classes of a box takes.
const bytesPerSet = 40
