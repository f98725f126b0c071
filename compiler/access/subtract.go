package access

// subtraction takes boxes from boxes within a budget of steps.
type subtraction struct {
	sizes []int // atoms of each dimension
	nodes int   // what is left of this search's own budget
	pool  *int  // what is left for all searches
}

// subtraction starts a search. It may use a quarter of what all searches may.
func (s *system) subtraction() *subtraction {
	return &subtraction{sizes: s.sizes, nodes: s.env.Budget.nodes() / 4, pool: &s.nodes}
}

// spent says that the budget did not suffice: what was visited is then not all.
func (s *subtraction) spent() bool { return s.nodes < 0 || *s.pool < 0 }

// remainder visits disjoint boxes that make up what is left of b without all of minus, till visit returns false. It
// returns false where it was stopped.
func (s *subtraction) remainder(b box, minus []box, visit func(box) bool) bool {
	cost := 1 + len(minus)*len(b)/64 // a step takes longer the more boxes it looks at
	s.nodes -= cost
	*s.pool -= cost
	if s.spent() {
		return false
	}
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
