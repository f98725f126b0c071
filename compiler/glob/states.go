package glob

import (
	"encoding/binary"
	"slices"
)

// find returns the strings, shortest first; exact is false where the limit did not suffice. Patterns of one group are distinguished
// only by whether one of them matches.
func (c Search) find() (found []string, exact bool) {
	w := newWalk(c.Patterns, c.Starts, c.Groups, c.Domain, c.Meter)
	words := len(w.star)
	perState := words*8*3 + 96 // the row, its key, and what grows beside them
	maySteps, mayBytes := c.Meter.Allowance()
	rows := [][]uint64{w.start} // by state
	var slab []uint64           // for rows to come: a list that grows would copy them all, time and again
	parents, chars := []int{-1}, []rune{0}
	seen, vectors := map[string]bool{string(rowKey(nil, w.start)): true}, map[string]bool{}
	next, key := make([]uint64, words), make([]byte, 0, words*8)
	for i := 0; i < len(parents); i++ {
		steps := 2 * words * len(w.alphabet)
		if maySteps < steps {
			return found, false
		}
		maySteps -= steps
		c.Meter.Take(steps)
		if row := rows[i]; hasBit(row, w.ends[len(w.ends)-1]) {
			if key = c.vector(key[:0], w, row); !vectors[string(key)] {
				vectors[string(key)] = true
				found = append(found, spell(parents, chars, i))
			}
		}
		for j, char := range w.alphabet {
			if !w.step(rows[i], next, w.masks[j]) {
				continue
			}
			if key = rowKey(key[:0], next); seen[string(key)] {
				continue
			}
			if mayBytes -= perState; len(parents) >= c.Limit || mayBytes < 0 {
				return found, false
			}
			seen[string(key)] = true
			if len(slab) == 0 {
				slab = make([]uint64, words*min(max(len(rows), 4), 64))
			}
			rows, slab = append(rows, slab[:words:words]), slab[words:]
			copy(rows[len(rows)-1], next)
			parents, chars = append(parents, i), append(chars, char)
		}
	}
	return found, true
}

// vector says which lots match, or all about them.
func (c Search) vector(key []byte, w *walk, row []uint64) []byte {
	if c.ByState {
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
