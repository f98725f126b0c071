package access

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
)

// classSearch finds one string for every way in which strings of a domain can match a list of patterns: it walks all
// patterns at once, a set of positions in each, over an alphabet of the characters that no pattern tells apart.
type classSearch struct {
	limit   int // states; more are not looked at
	meter   *meter
	starts  []positions // where each pattern starts, nil for the beginning
	groups  []int       // of each pattern, nil where each is its own: see find
	grouped bool        // each for itself, they were too many
	unnamed bool        // no pattern needs a string of its own
	named   []string    // strings that patterns have already
	byState bool

	domain   pattern
	patterns []pattern
}

// walk is all patterns of a search side by side, as one row of bits: a bit for every position of every pattern, and one
// for its end. The domain comes last, in words of its own.
type walk struct {
	domain   int   // its first word
	ends     []int // the bit that says that a pattern matches
	star     []uint64
	alphabet []rune
	masks    [][]uint64 // by character of the alphabet: the positions that take it
	start    []uint64

	forks   []fork
	settled []uint64    // the positions from which a pattern matches whatever follows
	groups  map[int]int // by such a position: which of the lots it is in
	lots    []lot
}

// lot is a group of patterns of which it matters only whether one of them matches.
type lot struct {
	first, end int // its bits
	ends       []int
	settled    int // the bit that stands for all of its settled positions, -1 where there is none
}

// fork is where patterns that begin alike part: who comes to the end of what they share is at the beginning of each.
type fork struct {
	end    int // a bit
	starts []int
}

func newWalk(patterns []pattern, starts []positions, groups []int, domain pattern) *walk {
	w := &walk{groups: map[int]int{}}
	var forks []int
	patterns, starts, groups, forks = shareBeginnings(patterns, starts, groups)
	all := append(slices.Clone(patterns), domain)
	w.alphabet = alphabetOf(all)
	first := make([]int, len(all))
	bit := 0
	for i, p := range all {
		if i == len(patterns) {
			bit = (bit + 63) / 64 * 64
			w.domain = bit / 64
		}
		first[i] = bit
		w.ends = append(w.ends, bit+len(p))
		bit += len(p) + 1
	}
	for i, to := range forks {
		if to < 0 {
			continue
		}
		if n := len(w.forks); n == 0 || w.forks[n-1].end != w.ends[to] {
			w.forks = append(w.forks, fork{end: w.ends[to]})
		}
		f := &w.forks[len(w.forks)-1]
		f.starts = append(f.starts, first[i])
	}
	words := (bit + 63) / 64
	w.star, w.start, w.settled = make([]uint64, words), make([]uint64, words), make([]uint64, words)
	for i, p := range all {
		if i < len(forks) && forks[i] >= 0 {
			// started by its fork
		} else if i < len(starts) && starts[i] != nil {
			for at := range len(p) + 1 {
				if starts[i][at/64]&(1<<(at%64)) != 0 {
					setBit(w.start, first[i]+at)
				}
			}
		} else {
			setBit(w.start, first[i])
		}
		for at, t := range p {
			if t.star {
				setBit(w.star, first[i]+at)
			}
		}
	}
	w.gather(patterns, groups, forks, first)
	w.close(w.start)
	slab := make([]uint64, words*len(w.alphabet))
	for _, c := range w.alphabet {
		mask := slab[:words:words]
		slab = slab[words:]
		index := charIndex(c)
		for i, p := range all {
			for at := range p {
				if p[at].set.has(index) {
					setBit(mask, first[i]+at)
				}
			}
		}
		w.masks = append(w.masks, mask)
	}
	return w
}

// gather puts the patterns of one group, which follow each other, into one lot.
func (w *walk) gather(patterns []pattern, groups, forks, first []int) {
	for i, p := range patterns {
		if i == 0 || groups == nil || groups[i] != groups[i-1] {
			w.lots = append(w.lots, lot{first: first[i], settled: -1})
		}
		l := &w.lots[len(w.lots)-1]
		l.end = w.ends[i] + 1
		if i+1 < len(patterns) && forks[i+1] == i {
			continue // the beginning of those that follow
		}
		l.ends = append(l.ends, w.ends[i])
		if n := len(p); n > 0 && p[n-1].star && p[n-1].set == anyChar() {
			if l.settled < 0 {
				l.settled = w.ends[i] - 1
			}
			setBit(w.settled, w.ends[i]-1)
			w.groups[w.ends[i]-1] = len(w.lots) - 1
		}
	}
}

// shareBeginnings replaces patterns of one group that begin alike, and start at their beginnings, by what they share and
// the rest of each. forks says, of each such rest, after which of the patterns it comes; -1 of the others.
func shareBeginnings(patterns []pattern, starts []positions, groups []int) (list []pattern, at []positions, of, forks []int) {
	for i := 0; i < len(patterns); {
		j := i + 1
		for groups != nil && j < len(patterns) && groups[j] == groups[i] {
			j++
		}
		var group int
		if groups != nil {
			group = groups[i]
		} else {
			group = i
		}
		shared := 0
		if j-i > 1 && !slices.ContainsFunc(starts[min(i, len(starts)):min(j, len(starts))], func(p positions) bool { return p != nil }) {
			shared = sharedTokens(patterns[i:j])
		}
		after := -1
		if shared > 0 {
			after = len(list)
			list, at, of, forks = append(list, patterns[i][:shared]), append(at, nil), append(of, group), append(forks, -1)
		}
		for k := i; k < j; k++ {
			var start positions
			if k < len(starts) && after < 0 {
				start = starts[k]
			}
			list, at, of, forks = append(list, patterns[k][shared:]), append(at, start), append(of, group), append(forks, after)
		}
		i = j
	}
	return list, at, of, forks
}

// sharedTokens counts the tokens that all patterns begin with and that lead to one place, leaving each at least one.
func sharedTokens(patterns []pattern) int {
	n := len(patterns[0]) - 1
	for _, p := range patterns[1:] {
		n = min(n, len(p)-1)
		for i := range max(n, 0) {
			if p[i] != patterns[0][i] {
				n = i
				break
			}
		}
	}
	return max(n, 0)
}

func setBit(row []uint64, bit int) { row[bit/64] |= 1 << (bit % 64) }

func hasBit(row []uint64, bit int) bool { return row[bit/64]&(1<<(bit%64)) != 0 }

// close adds what runs of no characters lead to. An end takes no character and is no star, so nothing passes from one
// pattern to the next.
func (w *walk) close(row []uint64) {
	for changed := true; changed; {
		changed = false
		carry := uint64(0)
		for at, word := range row {
			free := word & w.star[at]
			if next := word | free<<1 | carry; next != word {
				row[at], changed = next, true
			}
			carry = free >> 63
		}
		for i := range w.forks {
			f := &w.forks[i]
			if !hasBit(row, f.end) {
				continue
			}
			for _, bit := range f.starts {
				if !hasBit(row, bit) {
					setBit(row, bit)
					changed = true
				}
			}
		}
	}
	w.settle(row)
}

// settle forgets what else a lot could match once it matches whatever follows: all such states are one.
func (w *walk) settle(row []uint64) {
	for at, word := range row {
		for rest := word & w.settled[at]; rest != 0; rest &= rest - 1 {
			bit := at*64 + bits.TrailingZeros64(rest)
			if !hasBit(row, bit) {
				continue // forgotten with its lot
			}
			l := &w.lots[w.groups[bit]]
			for bit := l.first; bit < l.end; {
				if bit%64 == 0 && l.end-bit >= 64 {
					row[bit/64] = 0
					bit += 64
					continue
				}
				row[bit/64] &^= 1 << (bit % 64)
				bit++
			}
			setBit(row, l.settled)
			setBit(row, l.settled+1)
		}
	}
}

// step takes one character; it is false where the domain has no such string.
func (w *walk) step(from, to, mask []uint64) bool {
	carry := uint64(0)
	for at := range from {
		live := from[at] & mask[at]
		moved := live &^ w.star[at]
		to[at] = live&w.star[at] | moved<<1 | carry
		carry = moved >> 63
	}
	domain := uint64(0)
	for _, word := range to[w.domain:] {
		domain |= word
	}
	if domain == 0 {
		return false
	}
	w.close(to)
	return true
}

// find returns the strings, shortest first; exact is false where the limit did not suffice. Patterns of one group are told
// apart only by whether one of them matches.
func (c classSearch) find() (found []string, exact bool) {
	w := newWalk(c.patterns, c.starts, c.groups, c.domain)
	words := len(w.star)
	perState := words*8*3 + 96 // the row, its key, and what grows beside them
	may := c.meter.allowance()
	rows := slices.Clone(w.start) // of all states, one after the other
	parents, chars := []int{-1}, []rune{0}
	seen, vectors := map[string]bool{string(rowKey(nil, w.start)): true}, map[string]bool{}
	next, key := make([]uint64, words), make([]byte, 0, words*8)
	for i := 0; i < len(parents); i++ {
		steps := 2 * words * len(w.alphabet)
		if may.steps < steps {
			return found, false
		}
		may.steps -= steps
		c.meter.take(steps)
		if row := rows[i*words : (i+1)*words]; hasBit(row, w.ends[len(w.ends)-1]) {
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
			if may.bytes -= perState; len(parents) >= c.limit || may.bytes < 0 {
				return found, false
			}
			seen[string(key)] = true
			rows = append(rows, next...)
			parents, chars = append(parents, i), append(chars, char)
		}
	}
	return found, true
}

// vector says which lots match, or all about them.
func (c classSearch) vector(key []byte, w *walk, row []uint64) []byte {
	if c.byState {
		return rowKey(key, row[:w.domain])
	}
	for i := range w.lots {
		matches := byte(0)
		for _, end := range w.lots[i].ends {
			if hasBit(row, end) {
				matches = 1
				break
			}
		}
		key = append(key, matches)
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
func (c classSearch) representatives(domain pattern, literals []string, patterns []pattern, per int) (list []string, exact bool) {
	c.domain, c.patterns = domain, slices.Clone(patterns)
	c.starts, c.groups = slices.Clone(c.starts), slices.Clone(c.groups)
	taken := map[string]bool{}
	for _, l := range literals {
		if domain.match(l) && !taken[l] {
			taken[l] = true
			list = append(list, l)
		}
	}
	exact = true
	for range per {
		found, ok := c.fresh(taken)
		exact = exact && ok
		for _, f := range found {
			taken[f] = true
			list = append(list, f)
		}
	}
	return list, exact
}

// fresh finds the classes' strings that are not taken. Where one is, it becomes a pattern of its own, and the classes are
// looked for again.
func (c *classSearch) fresh(taken map[string]bool) (fresh []string, exact bool) {
	if len(c.patterns) == 0 {
		if text := shortest(c.domain); !taken[text] {
			return []string{text}, true
		}
	}
	for {
		found, ok := c.tellApart()
		again := false
		fresh = fresh[:0]
		for _, f := range found {
			if !taken[f] {
				fresh = append(fresh, f)
				continue
			}
			if !slices.ContainsFunc(c.patterns, func(p pattern) bool { l, lit := p.literal(); return lit && l == f }) {
				c.add(exactPattern(f))
				again = true
			}
		}
		if !again {
			return fresh, ok
		}
	}
}

// add takes in one more pattern, in a group of its own.
func (c *classSearch) add(p pattern) {
	if c.groups != nil {
		c.groups = append(c.groups, -len(c.patterns)-1)
	}
	if c.starts != nil {
		c.starts = append(c.starts, nil)
	}
	c.patterns = append(c.patterns, p)
}

// tellApart finds the classes by which of the patterns match; where these are too many and the patterns are in groups, by
// which of the groups do, and beside them a string that each pattern matches, so that each of them is somebody's.
func (c *classSearch) tellApart() (found []string, exact bool) {
	alone := *c
	alone.groups = nil
	if c.groups == nil {
		return alone.find()
	}
	alone.limit = c.limit / 2
	if !c.grouped && len(c.patterns) <= maxAlone {
		if found, exact = alone.find(); exact {
			return found, true
		}
	}
	c.grouped = true
	found, exact = c.find()
	if c.unnamed {
		return found, exact
	}
	named := slices.Concat(c.named, found)
	for i, p := range c.patterns {
		one := classSearch{limit: c.limit, meter: c.meter, domain: c.domain, patterns: []pattern{p}}
		if c.starts != nil {
			one.starts = []positions{c.starts[i]}
		}
		c.meter.take(stepPattern * stepPattern * len(named))
		if slices.ContainsFunc(named, one.matches) {
			continue
		}
		strings, _ := one.find()
		for _, text := range strings {
			if one.matches(text) && !slices.Contains(found, text) {
				found = append(found, text)
			}
		}
	}
	return found, exact
}

// maxAlone is how many patterns are tried one by one before they are taken by groups.
const maxAlone = 32

// matches holds a text against the one pattern.
func (c *classSearch) matches(text string) bool {
	p := c.patterns[0]
	from := p.start()
	if c.starts != nil && c.starts[0] != nil {
		from = slices.Clone(c.starts[0])
	}
	return p.accepts(p.run(from, text))
}
