package access

import (
	"math/bits"
	"strings"
	"unicode"
)

// token is one step of a pattern: one character of a set, or any run of them.
type token struct {
	set  charset
	star bool
}

// pattern is what a string is matched against: every string operator comes down to a list of tokens.
type pattern []token

// positions is a set of places in a pattern that a prefix of a string can lead to; bit len(pattern) is the end.
type positions []uint64

func (p pattern) start() positions {
	s := make(positions, len(p)/64+1)
	s[0] = 1
	p.close(s)
	return s
}

// close adds what runs of no characters lead to.
func (p pattern) close(s positions) {
	for w := range s {
		for rest := s[w]; rest != 0; rest &= rest - 1 {
			for i := w*64 + bits.TrailingZeros64(rest); i < len(p) && p[i].star; i++ {
				s[(i+1)/64] |= 1 << ((i + 1) % 64)
			}
		}
	}
}

func (p pattern) step(from, to positions, c uint) {
	clear(to)
	for w, word := range from {
		for rest := word; rest != 0; rest &= rest - 1 {
			i := w*64 + bits.TrailingZeros64(rest)
			if i >= len(p) || !p[i].set.has(c) {
				continue
			}
			if !p[i].star {
				i++
			}
			to[i/64] |= 1 << (i % 64)
		}
	}
	p.close(to)
}

func (s positions) dead() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// first is the first place of the set, -1 where it is empty.
func (s positions) first() int {
	for w, word := range s {
		if word != 0 {
			return w*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

func (p pattern) accepts(s positions) bool { return s[len(p)/64]&(1<<(len(p)%64)) != 0 }

func (p pattern) match(text string) bool { return p.accepts(p.run(p.start(), text)) }

// run takes the characters of a text, and gives the places that they lead to; it may write over those that it starts from.
func (p pattern) run(from positions, text string) positions {
	to := make(positions, len(from))
	for _, c := range text {
		p.step(from, to, charIndex(c))
		from, to = to, from
		if from.dead() {
			return from
		}
	}
	return from
}

// literal is the one string that the pattern matches, if it is one.
func (p pattern) literal() (string, bool) {
	var b strings.Builder
	for _, t := range p {
		c, ok := t.set.only()
		if t.star || !ok {
			return "", false
		}
		b.WriteRune(c)
	}
	return b.String(), true
}

func (s *charset) only() (rune, bool) {
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

func exactPattern(text string) pattern {
	p := make(pattern, 0, len(text))
	for _, c := range text {
		var s charset
		s.add(c)
		p = append(p, token{set: s})
	}
	return p
}

func foldPattern(text string) pattern {
	p := make(pattern, 0, len(text))
	for _, c := range text {
		var s charset
		s.add(unicode.ToLower(c))
		s.add(unicode.ToUpper(c))
		p = append(p, token{set: s})
	}
	return p
}

// globChar is one character of a value after its variables are resolved: a wildcard or a literal.
type globChar struct {
	char rune
	wild bool
}

func globChars(text string) []globChar {
	list := make([]globChar, 0, len(text))
	for _, c := range text {
		list = append(list, globChar{c, c == '*' || c == '?'})
	}
	return list
}

func globPattern(chars []globChar) pattern {
	p := make(pattern, 0, len(chars))
	for _, c := range chars {
		p = append(p, globToken(c, anyChar()))
	}
	return p
}

func globToken(c globChar, wild charset) token {
	if c.wild {
		return token{set: wild, star: c.char == '*'}
	}
	var s charset
	s.add(c.char)
	return token{set: s}
}

// arnPattern matches part by part: a wildcard does not pass one of the first five colons. It is nil where the text
// has fewer than six parts, which is no ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func arnPattern(chars []globChar) pattern {
	p := make(pattern, 0, len(chars))
	wild, colons := anyChar().without(':'), 0
	for _, c := range chars {
		p = append(p, globToken(c, wild))
		if c.char == ':' && !c.wild {
			if colons++; colons == 5 {
				wild = anyChar()
			}
		}
	}
	if colons < 5 {
		return nil
	}
	return p
}

func foldGlob(text string) pattern {
	p := globPattern(globChars(text))
	for i, c := range []rune(text) {
		if c != '*' && c != '?' {
			p[i] = foldPattern(string(c))[0]
		}
	}
	return p
}
