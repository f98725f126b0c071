package glob

import (
	"math/bits"
	"slices"
)

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
	settled    int // the bit that represents all of its settled positions, -1 where there is none
}

// fork is where patterns that begin alike part: who comes to the end of what they share is at the beginning of each.
type fork struct {
	end    int // a bit
	starts []int
	first  int      // word of the mask
	mask   []uint64 // the starts, and what runs of no characters lead to from there
}

func newWalk(patterns []Pattern, starts []Positions, groups []int, domain Pattern, m Meter) *walk {
	w := &walk{groups: map[int]int{}}
	var forks []int
	patterns, starts, groups, forks = shareBeginnings(patterns, starts, groups)
	all := append(slices.Clone(patterns), domain)
	w.alphabet = alphabetOf(all, m)
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
	m.Take(bit * len(w.alphabet))
	w.star, w.start, w.settled = make([]uint64, words), make([]uint64, words), make([]uint64, words)
	for i, p := range all {
		switch {
		case i < len(forks) && forks[i] >= 0: // started by its fork
		case i < len(starts) && starts[i] != nil:
			for at := range len(p) + 1 {
				if starts[i][at/64]&(1<<(at%64)) != 0 {
					setBit(w.start, first[i]+at)
				}
			}
		default:
			setBit(w.start, first[i])
		}
		for at, t := range p {
			if t.Star {
				setBit(w.star, first[i]+at)
			}
		}
	}
	w.gather(patterns, groups, forks, first)
	for i := range w.forks {
		w.forks[i].fill(w)
	}
	w.close(w.start)
	slab := make([]uint64, words*len(w.alphabet))
	for _, c := range w.alphabet {
		mask := slab[:words:words]
		slab = slab[words:]
		index := charIndex(c)
		for i, p := range all {
			for at := range p {
				if p[at].Set.has(index) {
					setBit(mask, first[i]+at)
				}
			}
		}
		w.masks = append(w.masks, mask)
	}
	return w
}

// gather puts the patterns of one group, which follow each other, into one lot.
func (w *walk) gather(patterns []Pattern, groups, forks, first []int) {
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
		if n := len(p); n > 0 && p[n-1].Star && p[n-1].Set == AnyChar() {
			if l.settled < 0 {
				l.settled = w.ends[i] - 1
			}
			setBit(w.settled, w.ends[i]-1)
			w.groups[w.ends[i]-1] = len(w.lots) - 1
		}
	}
}

func setBit(row []uint64, bit int) { row[bit/64] |= 1 << (bit % 64) }

// clearBits clears the bits from one to before another, a word at a time.
func clearBits(row []uint64, from, to int) {
	for from < to {
		n := min(64-from%64, to-from)
		row[from/64] &^= ^uint64(0) >> (64 - n) << (from % 64)
		from += n
	}
}

func hasBit(row []uint64, bit int) bool { return row[bit/64]&(1<<(bit%64)) != 0 }

// fill works out the mask.
func (f *fork) fill(w *walk) {
	row := make([]uint64, len(w.star))
	for _, bit := range f.starts {
		setBit(row, bit)
	}
	w.skip(row)
	last := len(row)
	for f.first < last && row[f.first] == 0 {
		f.first++
	}
	for last > f.first && row[last-1] == 0 {
		last--
	}
	f.mask = row[f.first:last]
}

// close adds what runs of no characters lead to, and settles. No fork leads to the end that another one depends on.
func (w *walk) close(row []uint64) {
	w.skip(row)
	for i := range w.forks {
		if f := &w.forks[i]; hasBit(row, f.end) {
			for at, word := range f.mask {
				row[f.first+at] |= word
			}
		}
	}
	w.settle(row)
}

// skip adds what runs of no characters lead to in a pattern. An end takes no character and is not a star, so nothing passes from
// one pattern to the next.
func (w *walk) skip(row []uint64) {
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
	}
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
			clearBits(row, l.first, l.end)
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
