package access

import (
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// A row about all users of an account, or all roles, is printed for those whom the policy does not name. Where a policy variable
// distinguishes some of them from others, the conditions in the row have to be right for each: what one of them may do
// because of its name is said by the variable and not by that name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

// company are the callers whom one row is about, each with what it may do.
type company struct {
	callers []int
	reach   func(callerAt int) permissions
}

// peersOf are the callers of the kind and the account of another whom the policy does not name.
// Without a variable that is something of the caller they do not differ, and a row is about the caller only.
func (s *space) peersOf(callerAt int, reach func(callerAt int) permissions) *company {
	if !s.variesByCaller() {
		return nil
	}
	c := &s.callers[callerAt]
	list := &company{reach: reach}
	for i := range s.callers {
		o := &s.callers[i]
		if i != callerAt && o.kind == c.kind && o.account == c.account && (s.isGeneric(o) || s.isGenericFederated(o) || s.isUnnamed(o)) {
			list.callers = append(list.callers, i)
		}
	}
	return list
}

// isUnnamed: a user or a role's session that differs from others of its kind by what a variable makes of its name only.
func (s *space) isUnnamed(c *caller) bool {
	return c.kind != callerService && c.kind != callerRoot && !s.subjectOf(c).shown && (c.kind != callerSession || c.anySession) && !s.isGenericFederated(c)
}

// variesByCaller reports whether a variable is something of the caller, or is what the caller is compared with.
func (s *space) variesByCaller() bool {
	found := false
	s.conditions(func(_ *model, _ *statement, c *condition) {
		names := c.variableNames()
		found = found || len(names) > 0 && isCallerKey(c.key.lower) || slices.ContainsFunc(names, isCallerKey)
	})
	return found
}

// peer is another caller for whom the description has to be right.
type peer struct {
	*describer
	have []alternative
}

// peerContexts are the contexts in which each of a row's other callers has what the row says.
func (l *company) contexts(d Decision, action int) map[int][]projection {
	if l == nil {
		return nil
	}
	out := map[int][]projection{}
	for _, i := range l.callers {
		mine := l.reach(i)
		if x := mine.of(d, action); x != nil {
			out[i] = x.contexts
		} else {
			out[i] = nil
		}
		if x := mine.of(Allowed, action); x != nil && d == NeedsIdentityPolicy {
			out[i] = x.total
		}
	}
	return out
}

// join makes the description one that is right for other callers too.
func (d *describer) join(contexts map[int][]projection, actionAt int) {
	for _, i := range slices.Sorted(maps.Keys(contexts)) {
		p := &peer{describer: d.s.describer(i, d.s.sentBy(i, actionAt))}
		p.have = p.alternatives(contexts[i])
		d.peers = append(d.peers, p)
	}
}

// variesAt reports whether what a component must be depends on which of the callers it is.
func (d *describer) variesAt(at int) bool {
	return len(d.peers) > 0 && d.comps[at].points*(1+len(d.peers)) <= maxPoints && slices.ContainsFunc(d.facts(at), func(f *fact) bool {
		return f.cond != nil && (isCallerKey(f.cond.key.lower) || slices.ContainsFunc(f.cond.variableNames(), isCallerKey))
	})
}

// wants are the points of a component at which a peer has what the caller has by an alternative, whatever the other components are in it.
func (p *peer) wants(at int, a alternative) boxes.Set {
	out := boxes.NewSet(p.comps[at].points)
	for _, b := range p.have {
		fits := true
		for k := range a {
			fits = fits && (k == at || b[k] == nil || a[k].And(p.cans[k]).Within(b[k]))
		}
		if fits {
			out = out.Or(b[at].And(p.cans[at]))
		}
	}
	return out
}

// common says what a component must be in an alternative, in words that are right for each caller.
// The points of all callers are put side by side, as if the caller were one more coordinate, and one formula is
// looked for that is right at each. So a row can say "with aws:username as the encryption context's owner" for
// every user at once.
func (d *describer) common(at int, a alternative) []map[string]Constraint {
	c := &d.comps[at]
	mine := a[at]
	if mine == nil {
		mine = d.cans[at]
	}
	all := a[at] == nil
	size := c.points * (1 + len(d.peers))
	d.s.meter.Take(boxes.StepBox * size)
	points, want, can := boxes.NewSet(size), boxes.NewSet(size), boxes.NewSet(size)
	put := func(to, from boxes.Set, part int) {
		for _, p := range from.Members(c.points) {
			to.Add(part*c.points + p)
		}
	}
	put(points, mine, 0)
	put(want, mine, 0)
	put(can, d.cans[at], 0)
	var facts []*fact
	for _, f := range d.facts(at) {
		joined := *f
		joined.set = boxes.NewSet(size)
		put(joined.set, f.set, 0)
		facts = append(facts, &joined)
	}
	for i, p := range d.peers {
		wants := p.wants(at, a)
		all = all && p.cans[at].Within(wants)
		put(want, wants, i+1)
		put(can, p.cans[at], i+1)
		for j, f := range p.facts(at) {
			put(facts[j].set, f.set, i+1)
		}
	}
	if all {
		return []map[string]Constraint{{}}
	}
	apart, absent := d.absence(at, want, can)
	if apart { // the conditions with and without IfExists are one fact, which is about requests with the key
		for part := range 1 + len(d.peers) {
			for _, set := range []boxes.Set{points, want, can} {
				set.Remove(part * c.points)
			}
		}
		name := d.s.dims[c.dims[0]].key.name
		switch {
		case points.Empty():
			return []map[string]Constraint{{name: {Comparison: Comparison{"Null", []string{"true"}}, Absent: true}}}
		case can.Within(want):
			return []map[string]Constraint{{name: {Comparison: Comparison{"Null", []string{"false"}}, Absent: absent}}}
		}
	}
	list, ok := termsFor(facts, points, want, can)
	if !ok {
		return []map[string]Constraint{d.undescribed(at, mine)}
	}
	saysSo := func(t term) bool { // "not a" is true of a request without the key
		return slices.ContainsFunc(t.facts, func(f *fact) bool { return f.cond != nil && leavesOut(f.comparison().Operator) })
	}
	said := slices.ContainsFunc(list, saysSo)
	for i := range list {
		own := boxes.NewSet(c.points)
		for _, p := range list[i].set.Members(c.points) {
			own.Add(p)
		}
		if apart && absent && (!said || saysSo(list[i])) {
			own.Add(0)
		}
		list[i].set = own
	}
	return d.written(c, list)
}

// absence reports whether a request without the one key of a component fits, as far as it is the same for every caller.
func (d *describer) absence(at int, want, can boxes.Set) (same, absent bool) {
	c := &d.comps[at]
	if len(c.dims) > 1 || d.comparesCaller(c.dims[0]) {
		return false, false
	}
	known := false
	for part := range 1 + len(d.peers) {
		p := part * c.points
		if !can.Has(p) {
			continue
		}
		if known && absent != want.Has(p) {
			return false, false
		}
		known, absent = true, want.Has(p)
	}
	return true, absent
}
