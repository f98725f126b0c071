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
func NewUnion(list []Box) Union { return Known(nil).Union(list) }

// Known are boxes that are prepared already, by their first set. None of them is changed.
type Known map[*Set]*limits

// Add prepares boxes that many unions are to have.
func (k Known) Add(list []Box) {
	for _, b := range list {
		k[&b[0]] = newLimits(b)
	}
}

// Union prepares boxes to be taken away.
func (k Known) Union(lists ...[]Box) Union {
	n := 0
	for _, list := range lists {
		n += len(list)
	}
	u := make(Union, 0, n)
	for _, list := range lists {
		for _, b := range list {
			l, ok := k[&b[0]]
			if !ok {
				l = newLimits(b)
			}
			if l != nil {
				u = append(u, l)
			}
		}
	}
	return u
}

// newLimits is nil for a box that is empty.
func newLimits(b Box) *limits {
	n := 0
	for _, set := range b {
		if set != nil {
			n++
		}
	}
	l := &limits{b, make([]limit, 0, n)}
	for dim, set := range b {
		switch {
		case set == nil:
		case set.Empty():
			return nil
		default:
			l.sets = append(l.sets, limit{dim, set})
		}
	}
	return l
}

// disjoint reports whether the box and one that is not empty share nothing, and how many words it took to see.
// It looks at the condition keys first, as they have the smallest sets. Nearly all pairs that a subtraction looks at are disjoint,
// so this is where the time goes. Callers are by far the largest set.
func (d *limits) disjoint(b Box) (apart bool, words int) {
	for i := len(d.sets) - 1; i >= 0; i-- { //nolint:modernize // an iterator is slower, and here is where the time goes
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
