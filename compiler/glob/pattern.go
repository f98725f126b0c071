package glob

import "strings"

// Token is one step of a pattern: one character of a set, or any run of them.
type Token struct {
	Set  Charset
	Star bool
}

// Pattern is what a string is matched against: every string operator comes down to a list of tokens.
type Pattern []Token

// Literal is the one string that the pattern matches, if it is one.
func (p Pattern) Literal() (string, bool) {
	var b strings.Builder
	for _, t := range p {
		c, ok := t.Set.Only()
		if t.Star || !ok {
			return "", false
		}
		b.WriteRune(c)
	}
	return b.String(), true
}

// Key is a text that patterns have in common if they are the same.
func (p Pattern) Key() string {
	b := make([]byte, 0, len(p)*8)
	for _, t := range p {
		for _, word := range t.Set {
			for range 8 {
				b = append(b, byte(word))
				word >>= 8
			}
		}
		if t.Star {
			b = append(b, '*')
		} else {
			b = append(b, '.')
		}
	}
	return string(b)
}
