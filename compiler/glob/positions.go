package glob

import (
	"math/bits"
	"unicode/utf8"
)

// Positions is a set of places in a pattern that a prefix of a string can lead to; bit len(pattern) is the end.
type Positions []uint64

// Start is the set of places before the first character.
func (p Pattern) Start() Positions {
	s := make(Positions, len(p)/64+1)
	s[0] = 1
	p.close(s)
	return s
}

// close adds what runs of no characters lead to.
func (p Pattern) close(s Positions) {
	for w := range s {
		for rest := s[w]; rest != 0; rest &= rest - 1 {
			for i := w*64 + bits.TrailingZeros64(rest); i < len(p) && p[i].Star; i++ {
				s[(i+1)/64] |= 1 << ((i + 1) % 64)
			}
		}
	}
}

func (p Pattern) step(from, to Positions, c uint) {
	clear(to)
	for w, word := range from {
		for rest := word; rest != 0; rest &= rest - 1 {
			i := w*64 + bits.TrailingZeros64(rest)
			if i >= len(p) || !p[i].Set.has(c) {
				continue
			}
			if !p[i].Star {
				i++
			}
			to[i/64] |= 1 << (i % 64)
		}
	}
	p.close(to)
}

// Dead reports whether nothing that follows can match.
func (s Positions) Dead() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// First is the first place of the set, -1 where it is empty.
func (s Positions) First() int {
	for w, word := range s {
		if word != 0 {
			return w*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

func (p Pattern) accepts(s Positions) bool { return s[len(p)/64]&(1<<(len(p)%64)) != 0 }

// Match reports whether the pattern matches the whole text.
// What is before the first star and after the last one is compared first: nearly all texts differ there.
func (p Pattern) Match(text string) bool {
	p, text, ok := p.between(text)
	if !ok {
		return false
	}
	if len(p) < 64 {
		return p.matchShort(text)
	}
	return p.accepts(p.Run(p.Start(), text))
}

// between is what is left of a pattern from its first star to its last one, and of a text that it is to match; ok is false where the
// text does not begin or end as the pattern does.
func (p Pattern) between(text string) (left Pattern, rest string, ok bool) {
	for len(p) > 0 && !p[0].Star {
		c, size := utf8.DecodeRuneInString(text)
		if size == 0 || !p[0].Set.has(charIndex(c)) {
			return nil, "", false
		}
		p, text = p[1:], text[size:]
	}
	for n := len(p) - 1; n >= 0 && !p[n].Star; n-- {
		c, size := utf8.DecodeLastRuneInString(text)
		if size == 0 || !p[n].Set.has(charIndex(c)) {
			return nil, "", false
		}
		p, text = p[:n], text[:len(text)-size]
	}
	return p, text, true
}

// matchShort is Match for a pattern whose places are the bits of one word.
func (p Pattern) matchShort(text string) bool {
	var stars uint64
	for i := range p {
		if p[i].Star {
			stars |= 1 << i
		}
	}
	end := uint64(1) << len(p)
	settled := uint64(0) // the place from which whatever follows matches
	if n := len(p); n > 0 && p[n-1].Star && p[n-1].Set == AnyChar() {
		settled = end >> 1
	}
	closed := func(at uint64) uint64 {
		for next := at; ; at = next {
			if next |= (next & stars) << 1; next == at {
				return at
			}
		}
	}
	at := closed(1)
	for _, c := range text {
		if at&settled != 0 {
			return true
		}
		index := charIndex(c)
		var taken uint64
		for rest := at &^ end; rest != 0; rest &= rest - 1 {
			if i := bits.TrailingZeros64(rest); p[i].Set.has(index) {
				taken |= 1 << i
			}
		}
		if taken == 0 {
			return false
		}
		at = closed(taken&stars | (taken&^stars)<<1)
	}
	return at&end != 0
}

// Run takes the characters of a text, and gives the places that they lead to; it may write over those that it starts from.
func (p Pattern) Run(from Positions, text string) Positions {
	to := make(Positions, len(from))
	for _, c := range text {
		p.step(from, to, charIndex(c))
		from, to = to, from
		if from.Dead() {
			return from
		}
	}
	return from
}

// Advance returns the places that a beginning of texts leads to.
func Advance(p Pattern, text string) Positions {
	from := p.Start()
	to := make(Positions, len(from))
	for _, c := range text {
		p.step(from, to, charIndex(c))
		from, to = to, from
	}
	return from
}

// After gives patterns for what can follow a text: together they match what the pattern matches after it.
func (p Pattern) After(text string) []Pattern {
	at := Advance(p, text)
	has := func(i int) bool { return at[i/64]&(1<<(i%64)) != 0 }
	var list []Pattern
	for i := range len(p) + 1 {
		if has(i) && !(i > 0 && p[i-1].Star && has(i-1)) { // what begins with a star is there without it too
			list = append(list, p[i:])
		}
	}
	return list
}
