package glob

import "math/bits"

// Charset is a set of characters. Those beyond Latin-1 count as one.
type Charset [5]uint64

const otherChar = 256 // represents every character beyond U+00FF

func charIndex(c rune) uint {
	if c > 0xff {
		return otherChar
	}
	return uint(c)
}

func (s *Charset) add(c rune) { i := charIndex(c); s[i/64] |= 1 << (i % 64) }

func (s *Charset) has(i uint) bool { return s[i/64]&(1<<(i%64)) != 0 }

// Without is the set less one character.
func (s Charset) Without(c rune) Charset {
	i := charIndex(c)
	s[i/64] &^= 1 << (i % 64)
	return s
}

// AnyChar is the set of all characters.
func AnyChar() Charset {
	s := Charset{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	s.add(otherChar)
	return s
}

// CharsOf is the set of a text's characters.
func CharsOf(text string) Charset {
	var s Charset
	for _, c := range text {
		s.add(c)
	}
	return s
}

// Only is the one character of the set, if it has one.
func (s *Charset) Only() (rune, bool) {
	found := -1
	for w, word := range s {
		if word == 0 {
			continue
		}
		if found >= 0 || bits.OnesCount64(word) > 1 {
			return 0, false
		}
		found = w*64 + bits.TrailingZeros64(word)
	}
	return rune(found), found >= 0 && found < otherChar
}

// Overlap reports whether two sets share a character.
func Overlap(a, b Charset) bool {
	for i := range a {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}
