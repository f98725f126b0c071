package access

import (
	"maps"
	"slices"
	"strconv"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// describer puts the contexts of one caller and one action in words.
type describer struct {
	s        *space
	callerAt int
	comps    []keyGroup
	cans     []boxes.Set // of each component
	where    boxes.Box   // the caller and the action
	ties     []int       // of what cannot be, by index, that about several keys
	peers    []*peer
}

// groups are the groups of keys, found once.
func (s *space) groups() []keyGroup {
	if s.keyGroups == nil {
		s.keyGroups = s.findGroups()
	}
	return s.keyGroups
}

// Of those who can send the same, what each component can be is the same, and found once.
func (s *space) describer(callerAt int, sent *sent) *describer {
	groups := s.groups()
	if sent.groups == nil {
		for i := range groups {
			sent.groups = append(sent.groups, groups[i].product(func(dim int) boxes.Set { return sent.can[dim] }))
		}
	}
	return &describer{s: s, callerAt: callerAt, comps: groups, cans: sent.groups}
}

// constraints says what a set of a component's points is: any of some constraints on its keys.
// The set of classes is written as a few of the policy's own conditions, or their opposites, that together give
// it. Where no such combination does, because the classes were cut by what a question asks and not by a condition,
// it says that the key is limited and not how.
func (d *describer) constraints(at int, want boxes.Set) []map[string]Constraint {
	if c := &d.comps[at]; len(c.dims) > 1 || d.comparesCaller(c.dims[0]) {
		return d.compared(at, want)
	}
	dim := d.comps[at].dims[0]
	k := d.s.dims[dim]
	present := k.present().And(d.cans[at])
	here, absent := want.And(present), want.Has(0)
	one := func(c Constraint) []map[string]Constraint { return []map[string]Constraint{{k.key.name: c}} }
	switch {
	case here.Empty():
		return one(Constraint{Comparison: Comparison{"Null", []string{"true"}}, Absent: true})
	case present.Within(here):
		c := Constraint{Comparison: Comparison{"Null", []string{"false"}}, Absent: absent}
		for _, f := range d.facts(at) { // a list that holds of every value is reported all the same
			if !f.contrary && !leavesOut(f.comparison().Operator) && present.Within(f.set) {
				c = Constraint{Comparison: f.comparison(), Absent: absent}
				break
			}
		}
		return one(c)
	}
	list, ok := terms(d.facts(at), here, present)
	if !ok {
		return one(Constraint{Comparison: Comparison{"", []string{}}, Absent: absent})
	}
	var all []Constraint
	for _, t := range list {
		all = append(all, constrain(d.shortened(k, t), absent))
	}
	for i := 0; i < len(all); i++ {
		for j := i + 1; j < len(all); {
			if joined, ok := either(all[i], all[j]); ok {
				all[i] = joined
				all = slices.Delete(all, j, j+1)
				continue
			}
			j++
		}
	}
	var out []map[string]Constraint
	for _, c := range all {
		out = append(out, map[string]Constraint{k.key.name: c})
	}
	return out
}

// compared says what a set of points of keys is that are compared with each other.
func (d *describer) compared(at int, want boxes.Set) []map[string]Constraint {
	c := &d.comps[at]
	list, ok := terms(d.facts(at), want, d.cans[at])
	if !ok {
		return []map[string]Constraint{d.undescribed(at, want)}
	}
	return d.written(c, list)
}

// written writes terms on the keys of a group.
func (d *describer) written(c *keyGroup, list []term) []map[string]Constraint {
	var out []map[string]Constraint
	for _, t := range list {
		asked := map[string][]Comparison{}
		names := map[string]string{}
		for _, f := range t.facts {
			if f.cond != nil {
				asked[f.key] = append(asked[f.key], f.comparison())
				names[f.key] = d.s.keyName(f.key)
			}
		}
		constraints := map[string]Constraint{}
		for lower, all := range asked {
			constraints[names[lower]] = constrain(all, d.absentIn(c, t, lower))
		}
		for _, f := range t.facts {
			name := d.s.keyName(f.key)
			if _, known := constraints[name]; f.cond == nil && !known {
				constraints[name] = Constraint{Comparison: Comparison{"Null", []string{strconv.FormatBool(f.contrary)}}, Absent: f.contrary}
			}
		}
		out = append(out, constraints)
	}
	return out
}

// undescribed says of points that they are limited, and of each key whether it can be absent.
func (d *describer) undescribed(at int, want boxes.Set) map[string]Constraint {
	c := &d.comps[at]
	out := map[string]Constraint{}
	for i, dim := range c.dims {
		out[d.s.dims[dim].key.name] = Constraint{Comparison: Comparison{"", []string{}}, Absent: d.absentAt(c, want, i)}
	}
	return out
}

// tooMany says of the keys that some contexts limit that they are limited.
func (d *describer) tooMany(list []alternative) map[string]Constraint {
	out := map[string]Constraint{}
	for i := range d.comps {
		if !slices.ContainsFunc(list, func(a alternative) bool { return a[i] != nil }) {
			continue
		}
		want := boxes.NewSet(d.comps[i].points)
		for _, a := range list {
			if a[i] == nil {
				want = d.cans[i]
				break
			}
			want = want.Or(a[i])
		}
		maps.Copy(out, d.undescribed(i, want))
	}
	return out
}

// absentIn reports whether a request of a term can be without a key.
func (d *describer) absentIn(c *keyGroup, t term, lower string) bool {
	at := slices.IndexFunc(c.dims, func(dim int) bool { return d.s.dims[dim].key.lower == dimensionKey(lower) })
	return at >= 0 && d.absentAt(c, t.set, at)
}

// absentAt reports whether a key of a group, by its place, is absent at one of some points.
func (d *describer) absentAt(c *keyGroup, points boxes.Set, at int) bool {
	classes := make([]int, len(c.dims))
	return slices.ContainsFunc(points.Members(c.points), func(p int) bool { return c.at(p, classes)[at] == 0 })
}
