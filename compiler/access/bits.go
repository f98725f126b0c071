package access

import "math/bits"

// bitset is a set of classes of one dimension; nil stands for all of them.
type bitset []uint64

func newBits(n int) bitset { return make(bitset, (n+63)/64) }

func fullBits(n int) bitset {
	b := newBits(n)
	for i := range n {
		b.add(i)
	}
	return b
}

func (b bitset) add(i int) { b[i/64] |= 1 << (i % 64) }

func (b bitset) has(i int) bool { return b == nil || b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) empty() bool {
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

func (b bitset) disjoint(c bitset) bool {
	if b == nil {
		return c.empty()
	}
	if c == nil {
		return b.empty()
	}
	for i := range b {
		if b[i]&c[i] != 0 {
			return false
		}
	}
	return true
}

// within says whether b is a subset of c; a full b is within nil alone, which holds where full sets are written as nil.
func (b bitset) within(c bitset) bool {
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

func (b bitset) and(c bitset) bitset {
	if b == nil {
		return c
	}
	if c == nil {
		return b
	}
	out := make(bitset, len(b))
	for i := range b {
		out[i] = b[i] & c[i]
	}
	return out
}

func (b bitset) or(c bitset) bitset {
	if b == nil || c == nil {
		return nil
	}
	out := make(bitset, len(b))
	for i := range b {
		out[i] = b[i] | c[i]
	}
	return out
}

// minus is b without c, of a dimension of n classes.
func (b bitset) minus(c bitset, n int) bitset {
	if b == nil {
		b = fullBits(n)
	}
	if c == nil {
		return newBits(n)
	}
	out := make(bitset, len(b))
	for i := range b {
		out[i] = b[i] &^ c[i]
	}
	return out
}

func (b bitset) equal(c bitset) bool {
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

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// first is the smallest member, -1 where there is none.
func (b bitset) first() int {
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

// members lists the set, of a dimension of n classes.
func (b bitset) members(n int) []int {
	var list []int
	for i := range n {
		if b.has(i) {
			list = append(list, i)
		}
	}
	return list
}

// whole writes a set that holds all n classes as nil.
func (b bitset) whole(n int) bitset {
	if b != nil && b.count() == n {
		return nil
	}
	return b
}
