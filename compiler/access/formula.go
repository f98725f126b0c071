package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// fact is what one condition, or its contrary, says of a point: of a value of a key, or of the values of several keys
// that are compared with each other.
type fact struct {
	cond     *condition // nil for the presence of a key
	key      string     // in lower case, under which it is written
	contrary bool       // for presence: that the key is absent
	set      boxes.Set
	text     string
}

// term is facts that hold together.
type term struct {
	facts []*fact
	set   boxes.Set
}

// terms finds few terms of facts that together hold of the points in want, and of none other in can. ok is false where
// the facts do not distinguish the points.
// This is the minimization of a Boolean function with don't-cares (the points outside of can), as logic synthesis
// knows it. The exact minimum is exponential, and a short sentence is all that is needed: it is greedy, and drops
// what turns out to be needless.
func terms(facts []*fact, want, can boxes.Set) (list []term, ok bool) {
	return termsFor(facts, want, want, can)
}

// termsFor finds terms that hold of all of some points, and of none outside of want.
func termsFor(facts []*fact, points, want, can boxes.Set) (list []term, ok bool) {
	rest := points
	var terms []term
	for _, f := range facts {
		if set := f.set.And(can); !set.Empty() && set.Within(want) {
			terms = append(terms, term{[]*fact{f}, set})
		}
	}
	for !rest.Empty() {
		best := -1
		for i := range terms {
			if n := terms[i].set.And(rest).Count(); n > 0 && (best < 0 || n > terms[best].set.And(rest).Count()) {
				best = i
			}
		}
		t, found := term{}, best >= 0
		if found {
			t = terms[best]
		} else {
			t, found = termFor(facts, rest.First(), want, can)
		}
		if !found {
			return nil, false
		}
		list = append(list, t)
		rest = rest.Without(t.set)
	}
	return withoutNeedless(list, points), true
}

// termFor finds facts that hold of a point and of no point outside of want.
// Facts are added until nothing outside is left, each time the one that excludes most; then each is tried to be
// left out, as a later fact can make an earlier one superfluous.
func termFor(facts []*fact, point int, want, can boxes.Set) (term, bool) {
	t := term{set: can}
	for !t.set.Within(want) {
		var best *fact
		left, kept := t.set.Without(want).Count(), 0
		for _, f := range facts {
			if !f.set.Has(point) {
				continue
			}
			narrowed := t.set.And(f.set)
			n, k := narrowed.Without(want).Count(), narrowed.Count()
			if n < left || n == left && best != nil && k > kept {
				best, left, kept = f, n, k
			}
		}
		if best == nil {
			return term{}, false
		}
		t.facts, t.set = append(t.facts, best), t.set.And(best.set)
	}
	for i := 0; i < len(t.facts); {
		fewer := slices.Delete(slices.Clone(t.facts), i, i+1)
		set := can
		for _, f := range fewer {
			set = set.And(f.set)
		}
		if set.Within(want) {
			t.facts, t.set = fewer, set
			continue
		}
		i++
	}
	return t, true
}

// withoutNeedless leaves out terms that the others make needless.
func withoutNeedless(list []term, want boxes.Set) []term {
	for i := 0; i < len(list); {
		union := boxes.NewSet(len(want) * 64)
		for j, t := range list {
			if j != i {
				union = union.Or(t.set)
			}
		}
		if want.Within(union) {
			list = slices.Delete(list, i, i+1)
			continue
		}
		i++
	}
	return list
}

// sortFacts puts what is easier to read first, whatever the order of values in the policy.
// The search takes the first of several equally good facts, so this order decides the words: "is" before "is not"
// before "is present". It must not depend on the order in the policy, or two equal policies would be described
// differently.
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
	// Where a variable among values makes no difference to the callers in question, a statement about them has the values without it.
	variables := func(f *fact) int {
		if f.cond == nil || len(f.cond.values) < 2 {
			return 0
		}
		return min(len(f.cond.variableNames()), 1)
	}
	for _, f := range list {
		if f.cond != nil {
			c := f.comparison()
			slices.Sort(c.Values)
			f.text = c.Operator + " " + strings.Join(c.Values, " ") + " " + f.cond.text
		}
	}
	slices.SortStableFunc(list, func(a, b *fact) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(variables(a), variables(b)), cmp.Compare(a.text, b.text))
	})
}

func (f *fact) comparison() Comparison { return f.cond.comparison(f.contrary) }
