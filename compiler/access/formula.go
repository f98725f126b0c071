package access

import (
	"cmp"
	"slices"
	"strings"
)

// fact is what one condition, or its contrary, says of a point: of a value of a key, or of the values of several keys
// that are compared with each other.
type fact struct {
	cond     *condition // nil for the presence of a key
	key      string     // in lower case, under which it is written
	contrary bool       // for presence: that the key is absent
	set      bitset
	text     string
}

// term is facts that hold together.
type term struct {
	facts []*fact
	set   bitset
}

// terms finds few terms of facts that together hold of the points in want, and of none other in can. ok is false where
// the facts do not tell the points apart.
func terms(facts []*fact, want, can bitset) (list []term, ok bool) {
	rest := want
	var alone []term
	for _, f := range facts {
		if set := f.set.and(can); !set.empty() && set.within(want) {
			alone = append(alone, term{[]*fact{f}, set})
		}
	}
	for !rest.empty() {
		best := -1
		for i := range alone {
			if n := alone[i].set.and(rest).count(); n > 0 && (best < 0 || n > alone[best].set.and(rest).count()) {
				best = i
			}
		}
		t, found := term{}, best >= 0
		if found {
			t = alone[best]
		} else {
			t, found = termFor(facts, rest.first(), want, can)
		}
		if !found {
			return nil, false
		}
		list = append(list, t)
		rest = rest.without(t.set)
	}
	return withoutNeedless(list, want), true
}

func (b bitset) without(c bitset) bitset {
	out := make(bitset, len(b))
	for i := range b {
		out[i] = b[i] &^ c[i]
	}
	return out
}

// termFor finds facts that hold of a point and of no point outside of want.
func termFor(facts []*fact, point int, want, can bitset) (term, bool) {
	t := term{set: can}
	for !t.set.within(want) {
		var best *fact
		left, kept := t.set.without(want).count(), 0
		for _, f := range facts {
			if !f.set.has(point) {
				continue
			}
			narrowed := t.set.and(f.set)
			n, k := narrowed.without(want).count(), narrowed.count()
			if n < left || n == left && best != nil && k > kept {
				best, left, kept = f, n, k
			}
		}
		if best == nil {
			return term{}, false
		}
		t.facts, t.set = append(t.facts, best), t.set.and(best.set)
	}
	for i := 0; i < len(t.facts); {
		fewer := slices.Delete(slices.Clone(t.facts), i, i+1)
		set := can
		for _, f := range fewer {
			set = set.and(f.set)
		}
		if set.within(want) {
			t.facts, t.set = fewer, set
			continue
		}
		i++
	}
	return t, true
}

// withoutNeedless leaves out terms that the others make needless.
func withoutNeedless(list []term, want bitset) []term {
	for i := 0; i < len(list); {
		union := newBits(len(want) * 64)
		for j, t := range list {
			if j != i {
				union = union.or(t.set)
			}
		}
		if want.within(union) {
			list = slices.Delete(list, i, i+1)
			continue
		}
		i++
	}
	return list
}

// sortFacts puts what is easier to read first, whatever the order of values in the policy.
func sortFacts(list []*fact) {
	rank := func(f *fact) int {
		switch {
		case f.cond == nil:
			return 2
		case leavesOut(f.comparison().Operator):
			return 1
		}
		return 0
	}
	for _, f := range list {
		if f.cond != nil {
			c := f.comparison()
			slices.Sort(c.Values)
			f.text = c.Operator + " " + strings.Join(c.Values, " ") + " " + f.cond.text
		}
	}
	slices.SortStableFunc(list, func(a, b *fact) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.text, b.text))
	})
}

func (f *fact) comparison() Comparison { return f.cond.comparison(f.contrary) }
