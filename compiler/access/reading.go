package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// read gives the contexts in which words hold for the caller; nil where they do not say which these are.
func (d *describer) read(words *Conditions) []alternative {
	list := []alternative{}
	for _, entry := range words.AnyOf {
		a := make(alternative, len(d.comps))
		for name, constraint := range entry {
			if constraint.Operator == "" || !d.limit(a, name, constraint) {
				return nil
			}
		}
		list = append(list, a)
	}
	return list
}

// limit takes the points out of an alternative at which a constraint on a key does not hold; false where no group of keys has all that
// it is about.
func (d *describer) limit(a alternative, name string, constraint Constraint) bool {
	for i, part := range constraint.comparisons() {
		written := policy.Condition{Operator: policy.Text{Value: part.Operator}, Key: policy.Text{Value: name}}
		for _, v := range part.Values {
			written.Values = append(written.Values, policy.Text{Value: v})
		}
		cond := compileCondition(written, "", true, d.s.models[0].own())
		at := slices.IndexFunc(d.comps, func(c keyGroup) bool { return c.about(d.s, &cond) })
		if at < 0 || d.comps[at].compares(d.s, &cond) {
			return false
		}
		c := &d.comps[at]
		d.s.meter.Take(c.points)
		absent := slices.IndexFunc(c.dims, func(dim int) bool { return d.s.dims[dim].key.lower == dimensionKey(cond.key.lower) })
		not := i > len(constraint.And)
		d.s.meter.hold(c.points / 8)
		a[at] = a[at].And(c.where(func(classes []int) bool {
			if absent >= 0 && classes[absent] == 0 {
				return constraint.Absent
			}
			return d.eval(&cond, c, classes) == truth(!not)
		}))
	}
	return true
}

// subtraction takes alternatives away from others.
func (d *describer) subtraction() *boxes.Subtraction {
	sub := &boxes.Subtraction{Meter: d.s.meter}
	for _, c := range d.comps {
		sub.Sizes = append(sub.Sizes, c.points)
	}
	return sub
}

// about reports whether a condition is about a key of the group, by itself or in a variable.
func (c *keyGroup) about(s *space, cond *condition) bool {
	return slices.ContainsFunc(append(cond.variableNames(), cond.key.lower), func(name string) bool {
		at, ok := s.index[dimensionKey(name)]
		return ok && slices.Contains(c.dims, at-dimKeys)
	})
}

// among reports whether some alternatives, as far as they can be, are all among others, whatever the action's requests cannot be.
func (d *describer) among(list, of []alternative, action int) bool {
	sub := d.subtraction()
	var others []boxes.Box
	for _, a := range of {
		others = append(others, boxes.Box(a))
	}
	for _, i := range d.s.sentBy(d.callerAt, action).ties {
		f := d.s.impossible[i]
		others = append(others, boxes.Box(d.point(projection(f[dimKeys:]))))
	}
	all := boxes.NewUnion(others)
	return !slices.ContainsFunc(list, func(a alternative) bool {
		b := d.box(a)
		for i := range b {
			b[i] = b[i].And(d.cans[i])
		}
		return !b.Empty() && !sub.Covers(all, b)
	})
}
