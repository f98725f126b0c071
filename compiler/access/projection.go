package access

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// projection is a set of contexts for one caller and one action: one set of classes a key, nil where it does not matter.
type projection []boxes.Set

// within reports whether another projection holds all contexts of this one.
func (p projection) within(q projection) bool {
	for i := range p {
		if !p[i].Within(q[i]) {
			return false
		}
	}
	return true
}

// maxContexts bounds the contexts that are put in words.
const maxContexts = 64

// contexts are the contexts of boxes for one caller and action, as few and as wide projections as are easily found.
func (s *space) contexts(all []boxes.Box, callerAt, actionAt int) []projection {
	can := s.possible(callerAt, actionAt)
	var list []projection
	s.meter.Take(boxes.StepBase + len(all))
	for _, b := range all {
		if !b[dimCaller].Has(callerAt) || !b[dimAction].Has(actionAt) {
			continue
		}
		p, empty := make(projection, len(s.dims)), false
		s.meter.Take(boxes.StepBox * len(p))
		s.meter.hold(bytesPerSet * len(p))
		for i := range s.dims {
			if set := b[dimKeys+i]; set != nil {
				p[i] = set.And(can[i])
				empty = empty || p[i].Empty()
				if can[i].Within(set) {
					p[i] = nil
				}
			}
		}
		if !empty {
			list = append(list, p)
		}
	}
	return s.merge(list)
}

// merge joins projections that differ in one key, and drops those inside of others.
// Subtraction cuts boxes in an order that follows the statements, and its pieces mean nothing to a reader. Two
// pieces that differ in one key are one with the union there.
func (s *space) merge(list []projection) []projection {
	if len(list) > maxContexts {
		return list
	}
	for changed := true; changed; {
		changed = false
	search:
		for i := range list {
			for j := range list {
				if i == j {
					continue
				}
				if m, ok := s.mergeTwo(list[i], list[j]); ok {
					list[i] = m
					list = slices.Delete(list, j, j+1)
					changed = true
					break search
				}
			}
		}
	}
	return list
}

func (s *space) mergeTwo(a, b projection) (projection, bool) {
	s.meter.Take(boxes.StepBox * len(a))
	differ := -1
	within := true
	for k := range a {
		within = within && b[k].Within(a[k])
		if a[k].Equal(b[k]) {
			continue
		}
		if differ >= 0 {
			differ = -2
			continue
		}
		if differ == -1 {
			differ = k
		}
	}
	if within || differ == -1 {
		return a, true
	}
	if differ < 0 {
		return nil, false
	}
	out := slices.Clone(a)
	out[differ] = a[differ].Or(b[differ]).Whole(len(s.dims[differ].classes))
	return out, true
}

// It is a key for memos, so it has to be unequivocal: two unions with the same key are taken for the same. Each
// text is written with its length, and the texts are sorted, as the order of boxes means nothing.
func (s *space) key(list []projection) string {
	texts := make([]string, 0, len(list))
	size := 0
	for _, p := range list {
		s.meter.Take(stepRequest * len(p))
		text := s.appendKey(nil, p)
		texts, size = append(texts, string(text)), size+len(text)+binary.MaxVarintLen64
	}
	slices.Sort(texts)
	all := make([]byte, 0, size)
	for _, text := range texts {
		all = append(binary.AppendUvarint(all, uint64(len(text))), text...)
	}
	return string(all)
}

func (s *space) appendKey(to []byte, sets []boxes.Set) []byte {
	for _, set := range sets {
		to = set.AppendKey(to)
	}
	return to
}

// keyID is the number of a key of projections.
func (s *space) keyID(key string) int {
	id, ok := s.keys[key]
	if !ok {
		id = len(s.keys)
		s.keys[key] = id
	}
	return id
}

// anyOf are the conditions that hold where some of a list do; those that hold in every context are left out.
func anyOf(list []Conditions) Conditions {
	var out Conditions
	var texts []string
	seen := map[string]bool{}
	for _, c := range list {
		for i, entry := range c.AnyOf {
			if id := fmt.Sprint(entry); !seen[id] {
				seen[id] = true
				out.AnyOf, texts = append(out.AnyOf, entry), append(texts, c.texts[i])
			}
		}
	}
	out.sort(texts)
	return out
}

func (c *Conditions) sort(texts []string) {
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(texts[a], texts[b]) })
	sorted, words := make([]map[string]Constraint, 0, len(order)), make([]string, 0, len(order))
	for _, i := range order {
		sorted, words = append(sorted, c.AnyOf[i]), append(words, texts[i])
	}
	c.AnyOf, c.texts, c.Text = sorted, words, strings.Join(slices.Compact(slices.Clone(words)), "; or ")
}
