package glob

import (
	"slices"
	"strings"
)

// niceChars are those that read well, the first ones best.
const niceChars = "xyzabcdefghijklmnopqrstuvw0123456789XABCDEFGHIJKLMNOPQRSTUVWYZ-_./:@=+, "

// shortest is the shortest string that a pattern matches, the one that reads best.
func shortest(p Pattern) string {
	var text []rune
	for _, t := range p {
		if t.Star {
			continue
		}
		c, ok := t.Set.Only()
		if !ok {
			at := strings.IndexFunc(niceChars, func(c rune) bool { return t.Set.has(charIndex(c)) })
			if at < 0 {
				at = 0
			}
			c = rune(niceChars[at])
		}
		text = append(text, c)
	}
	return string(text)
}

// alphabetOf gives one character of each kind that the patterns tell apart, a readable one where there is one.
func alphabetOf(patterns []Pattern) []rune {
	var sets []Charset
	for _, p := range patterns {
		for _, t := range p {
			if !slices.Contains(sets, t.Set) {
				sets = append(sets, t.Set)
			}
		}
	}
	order := []rune(niceChars)
	printable := func(c rune) bool { return c >= 0x20 && (c < 0x7f || c > 0xa0) }
	for c := rune(0); c <= 0xff; c++ {
		if printable(c) {
			order = append(order, c)
		}
	}
	order = append(order, 'Ā') // the first beyond Latin-1
	for c := rune(0); c <= 0xff; c++ {
		if !printable(c) {
			order = append(order, c)
		}
	}
	var alphabet []rune
	signatures := map[string]bool{}
	for _, c := range order {
		s := make([]byte, len(sets))
		for i := range sets {
			if sets[i].has(charIndex(c)) {
				s[i] = 1
			}
		}
		if key := string(s); !signatures[key] {
			signatures[key] = true
			alphabet = append(alphabet, c)
		}
	}
	return alphabet
}
