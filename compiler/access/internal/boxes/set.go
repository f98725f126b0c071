package boxes

import (
	"encoding/binary"
	"math/bits"
)

// Set is a set of classes of one dimension; nil represents all of them.
// A word has 64 classes, and most keys of most policies have fewer. nil for "all" keeps a box that limits two of
// thirty keys small and lets the other dimensions be skipped without looking at them.
type Set []uint64

// NewSet is the empty set of n classes.
func NewSet(n int) Set { return make(Set, (n+63)/64) }

// FullSet is the set of all n classes.
func FullSet(n int) Set {
	b := NewSet(n)
	for i := range n {
		b.Add(i)
	}
	return b
}

// Add puts a class into the set.
func (b Set) Add(i int) { b[i/64] |= 1 << (i % 64) }

// Remove takes a class out of the set.
func (b Set) Remove(i int) { b[i/64] &^= 1 << (i % 64) }

// Has reports whether the set holds a class.
func (b Set) Has(i int) bool { return b == nil || b[i/64]&(1<<(i%64)) != 0 }

// Empty reports whether nothing is in it.
func (b Set) Empty() bool {
	if b == nil {
		return false
	}
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// disjoint reports whether the two share nothing, and how many words it took to see.
func (b Set) disjoint(c Set) (apart bool, words int) {
	if b == nil {
		b = c
	}
	if c == nil {
		c = b
	}
	for i := range b {
		if b[i]&c[i] != 0 {
			return false, i + 1
		}
	}
	return b != nil, len(b) + 1
}

// apart reports whether no class is in all three sets, of which only b may be nil.
func (b Set) apart(c, d Set) bool {
	for i := range c {
		if w := c[i] & d[i]; w != 0 && (b == nil || b[i]&w != 0) {
			return false
		}
	}
	return true
}

// Within reports whether b is a subset of c; a full b is within nil only, which holds where full sets are written as nil.
func (b Set) Within(c Set) bool {
	if c == nil {
		return true
	}
	if b == nil {
		return false
	}
	for i := range b {
		if b[i]&^c[i] != 0 {
			return false
		}
	}
	return true
}

// And is what both hold.
func (b Set) And(c Set) Set {
	if b == nil {
		return c
	}
	if c == nil {
		return b
	}
	out := make(Set, len(b))
	for i := range b {
		out[i] = b[i] & c[i]
	}
	return out
}

// Or is what either holds.
func (b Set) Or(c Set) Set {
	if b == nil || c == nil {
		return nil
	}
	out := make(Set, len(b))
	for i := range b {
		out[i] = b[i] | c[i]
	}
	return out
}

// Minus is b without c, of a dimension of n classes.
func (b Set) Minus(c Set, n int) Set {
	if b == nil {
		b = FullSet(n)
	}
	if c == nil {
		return NewSet(n)
	}
	out := make(Set, len(b))
	for i := range b {
		out[i] = b[i] &^ c[i]
	}
	return out
}

// Equal reports whether the two hold the same; nil equals nil only.
func (b Set) Equal(c Set) bool {
	if b == nil || c == nil {
		return b == nil && c == nil
	}
	for i := range b {
		if b[i] != c[i] {
			return false
		}
	}
	return true
}

// AppendKey appends bytes that are the same for equal sets of one dimension and differ for others; nil, which represents all
// classes, differs from a set that lists them all. The length comes first, so that the bytes of several sets in a row are unequivocal.
func (b Set) AppendKey(to []byte) []byte {
	if b == nil {
		return append(to, 0)
	}
	to = binary.AppendUvarint(to, uint64(len(b))+1)
	for _, word := range b {
		to = binary.LittleEndian.AppendUint64(to, word)
	}
	return to
}

// Count is how many classes a set other than nil holds.
func (b Set) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// First is the smallest member, -1 where there is none.
func (b Set) First() int {
	if b == nil {
		return 0
	}
	for i, w := range b {
		if w != 0 {
			return i*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// Members lists the set, of a dimension of n classes.
func (b Set) Members(n int) []int {
	var list []int
	for i := range n {
		if b.Has(i) {
			list = append(list, i)
		}
	}
	return list
}

// Whole writes a set that holds all n classes as nil.
// A full set that is not written as nil would be cut by the next subtraction, for nothing.
func (b Set) Whole(n int) Set {
	if b != nil && b.Count() == n {
		return nil
	}
	return b
}

// Complement is what the set lacks, of a dimension of n classes.
func (b Set) Complement(n int) Set { return FullSet(n).Minus(b, n) }

// Without is b without c, neither of which may be nil.
func (b Set) Without(c Set) Set {
	out := make(Set, len(b))
	for i := range b {
		out[i] = b[i] &^ c[i]
	}
	return out
}
