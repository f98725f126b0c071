package glob

// Intersect reports whether some string matches both patterns. It looks at each pair of their tokens once at most.
func Intersect(a, b Pattern) bool {
	// A row has the places of b that some string leads to while it leads to one place of a.
	row, next := make([]bool, len(b)+1), make([]bool, len(b)+1)
	row[0] = true
	for _, t := range a {
		clear(next)
		live := false
		for j, reached := range row {
			if !reached {
				continue
			}
			if t.Star { // or nothing more
				next[j], live = true, true
			}
			if j == len(b) {
				continue
			}
			star := b[j].Star
			if star {
				row[j+1] = true
			}
			switch {
			case t.Star && star || !Overlap(t.Set, b[j].Set):
			case t.Star:
				row[j+1] = true
			case star:
				next[j], live = true, true
			default:
				next[j+1], live = true, true
			}
		}
		if !live {
			return false
		}
		row, next = next, row
	}
	for j, reached := range row[:len(b)] {
		if reached && b[j].Star {
			row[j+1] = true
		}
	}
	return row[len(b)]
}
