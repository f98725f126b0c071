package access

// subtraction takes boxes from boxes within the budget of whoever asks.
type subtraction struct {
	sizes []int // classes of each dimension
	meter *meter
}

func (s *space) subtraction() *subtraction { return &subtraction{sizes: s.sizes, meter: s.meter} }

// remainder visits disjoint boxes that make up what is left of b without all of minus, till visit returns false. It
// returns false where it was stopped.
func (s *subtraction) remainder(b box, minus []box, visit func(box) bool) bool {
	s.meter.take(stepBase + stepBox*len(minus))
	var left []box
	for _, d := range minus {
		if b.disjoint(d) {
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
	s.meter.take(len(left) * len(b))
	d := left[s.narrowest(b, left)]
	for dim := range b {
		if b[dim].within(d[dim]) {
			continue
		}
		piece := b.with(dim, b[dim].minus(d[dim], s.sizes[dim]))
		if !piece[dim].empty() && !s.remainder(piece, left, visit) {
			return false
		}
		b = b.with(dim, b[dim].and(d[dim]))
	}
	return true
}

// The steps of one round of subtraction, and of one box that it looks at: most are found disjoint at their first sets.
const (
	stepBase = 32
	stepBox  = 4
)

// narrowest picks the box that cuts b in the fewest dimensions: the search then splits least.
func (s *subtraction) narrowest(b box, list []box) int {
	best, cuts := 0, len(b)+1
	for i, d := range list {
		n := 0
		for dim := range b {
			if !b[dim].within(d[dim]) {
				n++
			}
		}
		if n < cuts {
			best, cuts = i, n
		}
	}
	return best
}
