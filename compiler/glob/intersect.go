package glob

// Intersect says whether some string matches both patterns.
func Intersect(a, b Pattern) bool {
	type pair struct{ i, j int }
	seen := map[pair]bool{}
	var walk func(p pair) bool
	walk = func(p pair) bool {
		if seen[p] {
			return false
		}
		seen[p] = true
		if p.i == len(a) && p.j == len(b) {
			return true
		}
		if p.i < len(a) && a[p.i].Star && walk(pair{p.i + 1, p.j}) || p.j < len(b) && b[p.j].Star && walk(pair{p.i, p.j + 1}) {
			return true
		}
		if p.i == len(a) || p.j == len(b) || !Overlap(a[p.i].Set, b[p.j].Set) {
			return false
		}
		next := p
		if !a[p.i].Star {
			next.i++
		}
		if !b[p.j].Star {
			next.j++
		}
		return next != p && walk(next)
	}
	return walk(pair{})
}
