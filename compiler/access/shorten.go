package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// listing is a fact that says that a key's value is one of some values, or is none of them.
type listing struct {
	fact   *fact
	out    bool // none of them
	values []*value
}

// listingOf reads a fact as one: false for conditions on several values of a request, for bounds and for addresses.
func listingOf(f *fact) (listing, bool) {
	c := f.cond
	if c.op.set != plain || c.key.multi || c.op.family != familyString && c.op.family != familyARN {
		return listing{}, false
	}
	l := listing{fact: f, out: c.op.negated != f.contrary}
	for i := range c.values {
		l.values = append(l.values, &c.values[i])
	}
	return l, true
}

// comparison writes the listing with the values that are left.
func (l *listing) comparison() Comparison {
	c := l.fact.comparison()
	c.Values = nil
	for _, v := range l.values {
		c.Values = append(c.Values, v.written)
	}
	slices.Sort(c.Values)
	c.Values = slices.Compact(c.Values)
	return c
}

// shortened are the comparisons of a term on one key without the values that say nothing beside the others: those that the
// key is said to be and that another list rules out, and those that it is said not to be and is not by another list anyway.
// "One of a, b, c and not b" is what the statements say when an Allow with a list is met by a Deny; a reader wants
// "a or c".
func (d *describer) shortened(k *dimension, t term) []Comparison {
	var all []Comparison
	var is, not []*listing
	for _, f := range t.facts {
		switch l, ok := listingOf(f); {
		case !ok:
			all = append(all, f.comparison())
		case l.out:
			not = append(not, &l)
		default:
			is = append(is, &l)
		}
	}
	if len(t.facts) > 1 {
		for _, l := range is {
			left := slices.DeleteFunc(slices.Clone(l.values), func(v *value) bool { return d.ruledOut(k, t, v, not) })
			if len(left) > 0 {
				l.values = left
			}
		}
		for _, l := range not {
			l.values = slices.DeleteFunc(l.values, func(v *value) bool {
				return slices.ContainsFunc(is, func(o *listing) bool { return d.apart(o, v) })
			})
		}
	}
	for _, l := range slices.Concat(is, not) {
		if len(l.values) > 0 {
			all = append(all, l.comparison())
		}
	}
	return all
}

// ruledOut reports whether nothing that a value takes in meets all of a term.
func (d *describer) ruledOut(k *dimension, t term, v *value, not []*listing) bool {
	p := v.pattern()
	if p == nil {
		return false
	}
	if text, literal := p.Literal(); literal {
		return !d.holds(t, text) || !d.s.models[0].domainOf(k.key).Match(text) && (text != "" || !k.key.takesEmpty())
	}
	return slices.ContainsFunc(not, func(l *listing) bool {
		return slices.ContainsFunc(l.values, func(o *value) bool { return slices.Equal(o.pattern(), p) })
	})
}

// apart reports whether no value of a listing takes in what another value does.
func (d *describer) apart(l *listing, v *value) bool {
	p := v.pattern()
	return p != nil && !slices.ContainsFunc(l.values, func(o *value) bool {
		q := o.pattern()
		d.s.meter.Take(len(p) * len(q))
		return q == nil || glob.Intersect(p, q)
	})
}

func (d *describer) holds(t term, text string) bool {
	r := &request{caller: d.s.callers[d.callerAt]}
	return !slices.ContainsFunc(t.facts, func(f *fact) bool {
		want := yes
		if f.contrary {
			want = no
		}
		return f.cond.evalValues([]string{text}, r) != want
	})
}
