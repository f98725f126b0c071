package boxes

// Union is boxes that are to be taken away from others, none of them empty, each with the dimensions that it limits.
// A policy of two hundred tags has two hundred dimensions, and a statement of it limits four. Whether two boxes share something
// depends on the dimensions that both limit, so the others are not looked at.
type Union []*limits

// limits are the sets of a box that are not all of their dimensions.
type limits struct {
	box  Box
	sets []limit // by dimension
}

type limit struct {
	dim int
	set Set
}

// NewUnion prepares boxes to be taken away.
func NewUnion(list []Box) Union {
	if len(list) == 0 {
		return nil
	}
	u := make(Union, 0, len(list))
	rows := make([]limits, len(list))
	var sets []limit // of all boxes
	for i, b := range list {
		first, empty := len(sets), false
		for dim, set := range b {
			if set != nil {
				sets, empty = append(sets, limit{dim, set}), empty || set.Empty()
			}
		}
		if !empty {
			rows[i] = limits{b, sets[first:len(sets):len(sets)]}
			u = append(u, &rows[i])
		}
	}
	return u
}

// disjoint reports whether the box and one that is not empty share nothing, and how many words it took to see.
// It looks at the condition keys first, as they have the smallest sets. Nearly all pairs that a subtraction looks at are disjoint,
// so this is where the time goes. Callers are by far the largest set.
func (d *limits) disjoint(b Box) (apart bool, words int) {
	for i := len(d.sets) - 1; i >= 0; i-- {
		set := b[d.sets[i].dim]
		if set == nil {
			words++
			continue
		}
		one, n := d.sets[i].set.disjoint(set)
		if words += n; one {
			return true, words
		}
	}
	return false, words
}

// cuts counts the dimensions in which a box has more, till there are too many.
func (d *limits) cuts(b Box, tooMany int) (n int) {
	for i := range d.sets {
		if !b[d.sets[i].dim].Within(d.sets[i].set) {
			if n++; n >= tooMany {
				return n
			}
		}
	}
	return n
}
