package access

import (
	"encoding/binary"
	"slices"
	"strings"
)

// classes finds one string for every way in which strings of a domain can match a list of patterns: it walks all
// patterns at once, a set of positions in each, over an alphabet of the characters that no pattern tells apart.
type classes struct {
	patterns []pattern
	domain   pattern
	limit    int // states; more are not looked at
	byState  bool
}

// walk is all patterns of a search side by side: each has some words of 64 positions in one row of words.
type walk struct {
	first    []int // the first word of each pattern, and the end of the last
	ends     []int // the bit that says that a pattern matches, counted over all words
	star     []uint64
	alphabet []rune
	masks    [][]uint64 // by character of the alphabet: the positions that take it
	start    []uint64
}

func newWalk(patterns []pattern) *walk {
	w := &walk{alphabet: alphabetOf(patterns)}
	words := 0
	for _, p := range patterns {
		w.first = append(w.first, words)
		w.ends = append(w.ends, words*64+len(p))
		words += len(p)/64 + 1
	}
	w.first = append(w.first, words)
	w.star, w.start = make([]uint64, words), make([]uint64, words)
	for i, p := range patterns {
		w.start[w.first[i]] = 1
		for at, t := range p {
			if t.star {
				w.star[w.first[i]+at/64] |= 1 << (at % 64)
			}
		}
	}
	w.close(w.start)
	slab := make([]uint64, words*len(w.alphabet))
	for _, c := range w.alphabet {
		mask := slab[:words:words]
		slab = slab[words:]
		index := charIndex(c)
		for i, p := range patterns {
			for at := range p {
				if p[at].set.has(index) {
					mask[w.first[i]+at/64] |= 1 << (at % 64)
				}
			}
		}
		w.masks = append(w.masks, mask)
	}
	return w
}

// close adds what runs of no characters lead to.
func (w *walk) close(row []uint64) {
	for i := range len(w.first) - 1 {
		for changed := true; changed; {
			changed = false
			carry := uint64(0)
			for at := w.first[i]; at < w.first[i+1]; at++ {
				free := row[at] & w.star[at]
				if next := row[at] | free<<1 | carry; next != row[at] {
					row[at], changed = next, true
				}
				carry = free >> 63
			}
		}
	}
}

// step takes one character; it is false where the last pattern, the domain, has no such string.
func (w *walk) step(from, to, mask []uint64) bool {
	for i := range len(w.first) - 1 {
		carry := uint64(0)
		for at := w.first[i]; at < w.first[i+1]; at++ {
			live := from[at] & mask[at]
			moved := live &^ w.star[at]
			to[at] = live&w.star[at] | moved<<1 | carry
			carry = moved >> 63
		}
	}
	domain := uint64(0)
	for _, word := range to[w.first[len(w.first)-2]:] {
		domain |= word
	}
	if domain == 0 {
		return false
	}
	w.close(to)
	return true
}

func (w *walk) matches(row []uint64, i int) bool { return row[w.ends[i]/64]&(1<<(w.ends[i]%64)) != 0 }

// find returns the strings, shortest first; exact is false where the limit did not suffice.
func (c classes) find() (found []string, exact bool) {
	w := newWalk(append(slices.Clone(c.patterns), c.domain))
	words := len(w.star)
	rows := slices.Clone(w.start) // of all states, one after the other
	parents, chars := []int{-1}, []rune{0}
	seen, vectors := map[string]bool{string(rowKey(nil, w.start)): true}, map[string]bool{}
	next, key := make([]uint64, words), make([]byte, 0, words*8)
	for i := 0; i < len(parents); i++ {
		if row := rows[i*words : (i+1)*words]; w.matches(row, len(c.patterns)) {
			if key = c.vector(key[:0], w, row); !vectors[string(key)] {
				vectors[string(key)] = true
				found = append(found, spell(parents, chars, i))
			}
		}
		for j, char := range w.alphabet {
			if !w.step(rows[i*words:(i+1)*words], next, w.masks[j]) {
				continue
			}
			if key = rowKey(key[:0], next); seen[string(key)] {
				continue
			}
			if len(parents) >= c.limit {
				return found, false
			}
			seen[string(key)] = true
			rows = append(rows, next...)
			parents, chars = append(parents, i), append(chars, char)
		}
	}
	return found, true
}

// vector says which patterns match, or all about them.
func (c classes) vector(key []byte, w *walk, row []uint64) []byte {
	if c.byState {
		return rowKey(key, row[:w.first[len(c.patterns)]])
	}
	for i := range c.patterns {
		if w.matches(row, i) {
			key = append(key, 1)
		} else {
			key = append(key, 0)
		}
	}
	return key
}

func rowKey(key []byte, row []uint64) []byte {
	for _, word := range row {
		key = binary.LittleEndian.AppendUint64(key, word)
	}
	return key
}

func spell(parents []int, chars []rune, i int) string {
	var text []rune
	for ; parents[i] >= 0; i = parents[i] {
		text = append(text, chars[i])
	}
	slices.Reverse(text)
	return string(text)
}

// niceChars are those that read well, the first ones best.
const niceChars = "xyzabcdefghijklmnopqrstuvw0123456789XABCDEFGHIJKLMNOPQRSTUVWYZ-_./:@=+, "

// shortest is the shortest string that a pattern matches, the one that reads best.
func shortest(p pattern) string {
	var text []rune
	for _, t := range p {
		if t.star {
			continue
		}
		c, ok := t.set.only()
		if !ok {
			at := strings.IndexFunc(niceChars, func(c rune) bool { return t.set.has(charIndex(c)) })
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
func alphabetOf(patterns []pattern) []rune {
	var sets []charset
	for _, p := range patterns {
		for _, t := range p {
			if !slices.Contains(sets, t.set) {
				sets = append(sets, t.set)
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

// representatives gives the literals and one more string for every way of matching the patterns without being a literal;
// per is how many of each such.
func representatives(domain pattern, literals []string, patterns []pattern, per, limit int) (list []string, exact bool) {
	patterns = slices.Clone(patterns)
	taken := map[string]bool{}
	for _, l := range literals {
		if domain.match(l) && !taken[l] {
			taken[l] = true
			list = append(list, l)
		}
	}
	exact = true
	for range per {
		found, ok := freshStrings(domain, &patterns, taken, limit)
		exact = exact && ok
		for _, f := range found {
			taken[f] = true
			list = append(list, f)
		}
	}
	return list, exact
}

// freshStrings finds the classes' strings that are not taken. Where one is, it becomes a pattern of its own, and the
// classes are looked for again.
func freshStrings(domain pattern, patterns *[]pattern, taken map[string]bool, limit int) (fresh []string, exact bool) {
	if len(*patterns) == 0 {
		if text := shortest(domain); !taken[text] {
			return []string{text}, true
		}
	}
	for {
		found, ok := classes{patterns: *patterns, domain: domain, limit: limit}.find()
		again := false
		fresh = fresh[:0]
		for _, f := range found {
			if !taken[f] {
				fresh = append(fresh, f)
				continue
			}
			if !slices.ContainsFunc(*patterns, func(p pattern) bool { l, lit := p.literal(); return lit && l == f }) {
				*patterns = append(*patterns, exactPattern(f))
				again = true
			}
		}
		if !again {
			return fresh, ok
		}
	}
}
