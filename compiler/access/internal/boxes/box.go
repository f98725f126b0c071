package boxes

// Box is a set of requests: one set of classes a dimension, all of which must hold. The dimensions are the callers, the
// actions, and each condition key that the policies look at.
// A box of n dimensions is what a policy's statement is: some callers, some actions, some values for each key.
// That the algebra is closed under intersection but not under difference is why lists of boxes are everywhere.
type Box []Set

// Empty reports whether nothing is in it.
func (b Box) Empty() bool {
	for _, s := range b {
		if s.Empty() {
			return true
		}
	}
	return false
}

// Disjoint reports whether the two share nothing.
func (b Box) Disjoint(c Box) bool {
	apart, _ := b.disjoint(c)
	return apart
}

// disjoint looks at the condition keys first, as they have the smallest sets, and says how many words it took to see.
func (b Box) disjoint(c Box) (apart bool, words int) {
	for i := len(b) - 1; i >= 0; i-- { //nolint:modernize // an iterator is slower, and here is where the time goes
		if words++; b[i] == nil && c[i] == nil {
			continue
		}
		one, n := b[i].disjoint(c[i])
		if words += n; one {
			return true, words
		}
	}
	return false, words
}

// Meet is the box of what both hold; ok is false where they share nothing.
func (b Box) Meet(c Box) (out Box, ok bool) {
	if b.Disjoint(c) {
		return nil, false
	}
	return b.and(c), true
}

func (b Box) and(c Box) Box {
	out := make(Box, len(b))
	for i := range b {
		out[i] = b[i].And(c[i])
	}
	return out
}

// words is how many words its sets take.
func (b Box) words() int {
	n := 0
	for _, s := range b {
		n += len(s)
	}
	return n
}

// Bytes is about what it takes in memory.
func (b Box) Bytes() int { return 24*len(b) + 8*b.words() }

// With is the box with another set in one dimension.
func (b Box) With(dim int, s Set) Box {
	out := make(Box, len(b))
	copy(out, b)
	out[dim] = s
	return out
}

// MeetAll is what each box of a list shares with q.
func MeetAll(list []Box, q Box) []Box {
	var out []Box
	for _, b := range list {
		if m, ok := b.Meet(q); ok {
			out = append(out, m)
		}
	}
	return out
}
