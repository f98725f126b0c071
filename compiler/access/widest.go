package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// maxWidest bounds the alternatives that are widened together.
const maxWidest = 48

// widest are alternatives that hold together what some alternatives do, each as wide as it can be, and none that the others make
// needless. They do not depend on how the contexts were cut into boxes, which follows the order of statements. Where there
// are too many of them, those that differ only in one component are joined.
func (d *describer) widest(list []alternative) []alternative {
	all, ok := d.widened(list)
	if !ok {
		return d.joined(list)
	}
	return d.withoutCovered(all)
}

// widened adds what two alternatives hold together beyond each of them, till nothing is added (iterated consensus); ok is
// false where that makes too many.
// It is Quine's method of consensus: it ends with all prime implicants, whatever the cover that it begins with. So
// the words do not depend on the order of statements, which the boxes do.
func (d *describer) widened(list []alternative) (all []alternative, ok bool) {
	add := func(a alternative) bool {
		if slices.ContainsFunc(all, a.within) {
			return false
		}
		all = append(slices.DeleteFunc(all, func(b alternative) bool { return b.within(a) }), a)
		return true
	}
	for _, a := range list {
		if add(a); len(all) > maxWidest {
			return nil, false
		}
	}
	for changed := true; changed; {
		changed = false
		for _, a := range slices.Clone(all) {
			for _, b := range slices.Clone(all) {
				d.s.meter.Take(boxes.StepBase + boxes.StepBox*len(a)*(len(a)+len(all)))
				for k := range a {
					if c, ok := d.consensus(a, b, k); ok && add(c) {
						changed = true
					}
				}
				if len(all) > maxWidest {
					return nil, false
				}
			}
		}
	}
	return all, true
}

// consensus is what two alternatives hold whatever a component is, as far as either takes it.
func (d *describer) consensus(a, b alternative, k int) (alternative, bool) {
	out := make(alternative, len(a))
	for i := range a {
		if out[i] = a[i].And(b[i]); i == k {
			if out[i] = a[i].Or(b[i]); out[i] != nil && d.cans[i].Within(out[i]) {
				out[i] = nil
			}
		}
		if out[i].Empty() {
			return nil, false
		}
	}
	return out, true
}

func (a alternative) within(b alternative) bool {
	for i := range a {
		if !a[i].Within(b[i]) {
			return false
		}
	}
	return true
}

// withoutCovered leaves out alternatives that the others hold together, of two such the one that takes more words.
func (d *describer) withoutCovered(list []alternative) []alternative {
	if len(list) < 3 {
		return list // two of which none is within the other
	}
	type written struct {
		alternative
		limited int
		text    string
	}
	all := make([]written, 0, len(list))
	for _, a := range list {
		w := written{alternative: a}
		for i, set := range a {
			if set == nil {
				continue
			}
			w.limited++
			for _, entry := range d.constraints(i, set) {
				w.text += sentence(entry) + "\n"
			}
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b written) int {
		return cmp.Or(cmp.Compare(b.limited, a.limited), cmp.Compare(len(b.text), len(a.text)), strings.Compare(a.text, b.text))
	})
	for i := 0; i < len(all); {
		var others []boxes.Box
		for j := range all {
			if j != i {
				others = append(others, d.box(all[j].alternative))
			}
		}
		if d.subtraction().Covers(boxes.NewUnion(others), d.box(all[i].alternative)) {
			all = slices.Delete(all, i, i+1)
			continue
		}
		i++
	}
	out := make([]alternative, 0, len(all))
	for _, w := range all {
		out = append(out, w.alternative)
	}
	return out
}

// box is an alternative with what can be in the place of what does not matter.
func (d *describer) box(a alternative) boxes.Box {
	out := make(boxes.Box, len(a))
	for i, set := range a {
		if out[i] = set; set == nil {
			out[i] = d.cans[i]
		}
	}
	return out
}

// joined are alternatives of which those that differ only in one component are one.
func (d *describer) joined(out []alternative) []alternative {
	for changed := true; changed; {
		changed = false
		for i := 0; i < len(out); i++ {
			for j := i + 1; j < len(out); {
				if m, ok := d.merged(out[i], out[j]); ok {
					out[i], changed = m, true
					out = slices.Delete(out, j, j+1)
					continue
				}
				j++
			}
		}
	}
	return out
}

func (d *describer) merged(a, b alternative) (alternative, bool) {
	switch {
	case b.within(a):
		return a, true
	case a.within(b):
		return b, true
	}
	differ := -1
	for k := range a {
		if a[k].Equal(b[k]) {
			continue
		}
		if differ >= 0 {
			return nil, false
		}
		differ = k
	}
	return d.consensus(a, b, differ)
}
