package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// compiler makes boxes of one statement.
// It works condition by condition and key by key: what concerns callers becomes one set of callers, what concerns
// one key a set of its classes, and only conditions with variables become several boxes.
type compiler struct {
	s     *space
	m     *model
	st    *statement
	exact *bool

	ofCaller *callerConditions // nil till it is asked

	keys     []int // the dimensions that it limits by conditions without variables
	keyed    bool
	actions  []tri
	perKey   [approximations]map[int]boxes.Set
	perSplit [approximations][][]boxes.Box
}

// boxes gives the statement's requests; for an Allow those that it allows at the level.
func (c *compiler) boxes(at level, allow bool) part {
	if !c.keyed {
		c.keyed = true
		c.compileKeys()
	}
	base := c.st.resource
	if c.st.unreadable[""] || c.st.unreadable["Condition"] || c.st.allow && c.st.deny {
		base = base.and(maybe)
	}
	if base == maybe {
		*c.exact = false
		c.noteAll()
	}
	var out part
	if base == no {
		return out
	}
	matches := c.callerMatches(at)
	for v := range approximations {
		if v.takes(base, true) {
			out[v] = c.combine(c.heads(matches, v, at, allow), v)
		}
	}
	return out
}

func (c *compiler) noteAll() {
	for _, r := range c.st.reasons {
		c.s.note(r)
	}
}

// callerOutcome is what a statement says of a caller, conditions on other keys apart.
type callerOutcome struct {
	t     tri
	exact bool
}

// callerMatches works out, once a level, what the statement says of each caller. What is not exact here leaves the whole policy
// inexact: a no is then claimed only by the approximations that count every doubt.
// Conditions on keys that follow from the caller are evaluated here, once for each caller, instead of being
// dimensions: that is why a policy with two hundred roles has two hundred callers and not a product of their
// names, accounts and paths.
func (c *compiler) callerMatches(at level) []callerOutcome {
	list := make([]callerOutcome, len(c.s.callers))
	steps := boxes.StepBase + len(c.st.others)
	for i := range c.st.conditions {
		if isCallerKey(c.st.conditions[i].key.lower) {
			steps += c.st.conditions[i].steps()
		}
	}
	for i := range list {
		c.s.meter.Take(steps)
		o := &list[i]
		if o.t, o.exact = c.callerMatch(i, at); o.t == maybe || !o.exact {
			*c.exact = false
		}
		if o.t == maybe {
			c.noteAll()
		}
	}
	return list
}

// heads are the boxes of callers and actions.
// An Allow gives callers of another account only the actions that cross, so it has two heads; a Deny has one, as
// it denies whatever the caller could not do anyway too.
func (c *compiler) heads(matches []callerOutcome, v approximation, at level, allow bool) []boxes.Box {
	callers := boxes.NewSet(len(c.s.callers))
	own := boxes.NewSet(len(c.s.callers))
	other := boxes.NewSet(len(c.s.callers)) // callers of other accounts whom the level is effective for
	for i, o := range matches {
		if v.takes(o.t, o.exact) {
			callers.Add(i)
		}
		switch who := &c.s.callers[i]; {
		case who.kind == callerService || who.account == c.m.owner:
			own.Add(i)
		case at == delegated || who.kind == callerRoot:
			other.Add(i)
		}
	}
	if !allow {
		return c.head(callers, c.actionBits(v, false))
	}
	list := c.head(callers.And(own), c.actionBits(v, false))
	return append(list, c.head(callers.And(other), c.actionBits(v, true))...)
}

// head is a box of callers and actions that no condition limits yet. Its other dimensions are nil, which is all of their classes.
func (c *compiler) head(callers, actions boxes.Set) []boxes.Box {
	if callers.Empty() || actions.Empty() {
		return nil
	}
	b := c.s.all()
	c.s.meter.hold(bytesPerSet*len(b) + (len(c.s.callers)+len(c.s.actions))/8)
	b[dimCaller], b[dimAction] = callers.Whole(len(c.s.callers)), actions.Whole(len(c.s.actions))
	return []boxes.Box{b}
}

// actionBits are the actions that the statement names; with crossing, those of them that a caller of another account can use.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
func (c *compiler) actionBits(v approximation, crossing bool) boxes.Set {
	if c.actions == nil {
		c.actions = make([]tri, len(c.s.actions))
		for i, a := range c.s.actions {
			if c.actions[i] = c.st.actionMatch(a); c.actions[i] == maybe {
				*c.exact = false
				c.noteAll()
			}
		}
	}
	b := boxes.NewSet(len(c.s.actions))
	for i, a := range c.s.actions {
		// Nobody knows whether another account will be able to use what AWS adds: it is taken for it.
		if v.takes(c.actions[i], true) && (!crossing || a.cross != no) {
			b.Add(i)
		}
	}
	return b
}

// callerMatch is the outcome of all that depends only on the caller.
func (c *compiler) callerMatch(i int, at level) (t tri, exact bool) {
	if c.ofCaller == nil {
		c.ofCaller = c.callerConditions()
	}
	if t = c.m.principalAt(c.st, &c.s.callers[i], at); t == no {
		return no, c.ofCaller.exact
	}
	if c.ofCaller.held[i] == nil {
		o := c.callerHolds(i)
		c.ofCaller.held[i] = &o
	}
	held := c.ofCaller.held[i]
	return t.and(held.t), held.exact
}

// compileKeys turns the conditions on keys into sets of classes, and those with variables into boxes.
func (c *compiler) compileKeys() {
	for v := range approximations {
		c.perKey[v] = map[int]boxes.Set{}
	}
	byKey := map[int][]*condition{}
	for i := range c.st.conditions {
		cond := &c.st.conditions[i]
		names := cond.variableNames()
		onCaller := isCallerKey(cond.key.lower)
		switch {
		case onCaller && !slices.ContainsFunc(names, func(n string) bool { return !isCallerKey(n) }):
		case len(names) > 0:
			c.split(cond)
		default:
			dim := c.s.index[dimensionKey(cond.key.lower)]
			if byKey[dim] == nil {
				c.keys = append(c.keys, dim)
			}
			byKey[dim] = append(byKey[dim], cond)
		}
	}
	for dim, conds := range byKey {
		c.compileKey(dim, conds)
	}
}

// compileKey evaluates the conditions on one key for the representative of each class. What holds of it holds of the whole class where
// the dimension is exact; else only repMust and repMay take it, and classMust and classMay keep to the safe side. An absent key is a
// class without values and is always exact.
func (c *compiler) compileKey(dim int, conds []*condition) {
	d := c.s.dims[dim-dimKeys]
	var sets [approximations]boxes.Set
	for v := range approximations {
		sets[v] = boxes.NewSet(len(d.classes))
	}
	steps := 0
	for _, cond := range conds {
		steps += cond.steps()
	}
	for i, a := range d.classes {
		c.s.meter.Take(steps * max(1, len(a.values)))
		t := yes
		for _, cond := range conds {
			out := cond.evalValues(a.values, nil)
			if out == maybe {
				c.s.note(cond.reason())
				*c.exact = false
			}
			t = t.and(out)
		}
		exact := d.exact || a.values == nil
		if !exact {
			*c.exact = false
		}
		for v := range approximations {
			if v.takes(t, exact) {
				sets[v].Add(i)
			}
		}
	}
	for v := range approximations {
		c.perKey[v][dim] = sets[v].Whole(len(d.classes))
	}
}

// combine limits the heads by the conditions. All conditions of a statement have to hold, so each one narrows every box; one with
// a policy variable is alternatives, a box for each value of the variable, and multiplies the boxes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func (c *compiler) combine(heads []boxes.Box, v approximation) []boxes.Box {
	for dim, set := range c.perKey[v] {
		if set.Empty() {
			return nil
		}
		for i := range heads {
			heads[i] = heads[i].With(dim, set)
		}
	}
	for _, alternatives := range c.perSplit[v] {
		var next []boxes.Box
		for _, h := range heads {
			c.s.meter.Take(len(alternatives) * len(h))
			for _, b := range boxes.MeetAll(alternatives, h) {
				next = c.s.keep(next, b)
			}
		}
		heads = next
	}
	return heads
}
