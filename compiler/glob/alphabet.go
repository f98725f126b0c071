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
			at := max(strings.IndexFunc(niceChars, func(c rune) bool { return t.Set.has(charIndex(c)) }), 0)
			c = rune(niceChars[at])
		}
		text = append(text, c)
	}
	return string(text)
}

// alphabetOf gives one character of each kind that the patterns distinguish, a readable one where there is one.
func alphabetOf(patterns []Pattern, m Meter) []rune {
	kinds := []Charset{AnyChar()}
	var sets []Charset
	for _, p := range patterns {
		for _, t := range p {
			if !slices.Contains(sets, t.Set) {
				sets = append(sets, t.Set)
				kinds = splitBy(kinds, t.Set)
			}
		}
		m.Take(len(p) * (1 + len(sets)))
	}
	m.Take(len(Charset{}) * len(sets) * len(kinds))
	var alphabet []rune
	for _, c := range readableFirst() {
		if at := slices.IndexFunc(kinds, func(kind Charset) bool { return kind.has(charIndex(c)) }); at >= 0 {
			alphabet = append(alphabet, c)
			kinds = slices.Delete(kinds, at, at+1)
		}
		if len(kinds) == 0 {
			break
		}
	}
	return alphabet
}

// splitBy parts each of some sets of characters by whether they are in another one.
func splitBy(kinds []Charset, set Charset) []Charset {
	for i := range kinds {
		var in, out Charset
		for w := range set {
			in[w], out[w] = kinds[i][w]&set[w], kinds[i][w]&^set[w]
		}
		if in != (Charset{}) && out != (Charset{}) {
			kinds[i] = in
			kinds = append(kinds, out)
		}
	}
	return kinds
}

// readableFirst lists all characters, those that read best first.
func readableFirst() []rune {
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
	return order
}
