package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// callerConditions are a statement's conditions that depend only on the caller. Whether they hold does not depend on the level, so
// it is found once.
type callerConditions struct {
	exact  bool // the callers represent all that there are in what the statement says of them
	all    []condition
	bounds []*condition     // of each, where it has variables
	held   []*callerOutcome // by caller, nil till it is asked
}

func (c *compiler) callerConditions() *callerConditions {
	out := &callerConditions{exact: c.s.exact || c.plain(), held: make([]*callerOutcome, len(c.s.callers))}
	for i := range c.st.conditions {
		cond := &c.st.conditions[i]
		if isCallerKey(cond.key.lower) && !slices.ContainsFunc(cond.variableNames(), func(n string) bool { return !isCallerKey(n) }) {
			out.all, out.bounds = append(out.all, *cond), append(out.bounds, cond.bounded())
		}
	}
	return out
}

// callerHolds is the outcome of the conditions for a caller.
func (c *compiler) callerHolds(i int) callerOutcome {
	all, exact := c.ofCaller.all, c.ofCaller.exact
	r := request{caller: c.s.callers[i]}
	for j := range all {
		cond := &all[j]
		if cond.readsText() {
			exact = false
			c.s.noteLimit(cond.where + ": which callers match " + cond.key.name + " is not analysed, as the operator reads a text as another type: use StringEquals or StringLike.")
			continue
		}
		if len(cond.variableNames()) == 0 {
			continue
		}
		if bound := c.ofCaller.bounds[j]; bound != nil && bound.eval(&r) == truth(cond.op.negated) {
			continue // whatever the variables' values are, the evaluation below is right
		}
		exact = false
		c.s.noteLimit(c.obstacle(cond))
	}
	out := allHold(all, &r)
	for j := range all {
		if out == maybe && all[j].eval(&r) == maybe {
			c.s.note(all[j].reason())
		}
	}
	return callerOutcome{out, exact}
}

// plain says that the statement names callers only by account, by ARN or by type. The callers represent all there are in
// what such a statement says of them even where they are too few for the patterns of other statements: every account and
// every ARN that is named is among them, and so is one of each kind that none names.
func (c *compiler) plain() bool {
	if len(c.st.src.NotPrincipals) > 0 || slices.ContainsFunc(c.st.looks, func(l principalLook) bool { return l.wild }) {
		return false
	}
	for _, p := range c.st.src.Principals {
		switch p.Kind {
		case policy.Anyone, policy.Account, policy.User, policy.Role, policy.FederatedUser, policy.Service:
		case policy.Session, policy.Federated, policy.CanonicalUser, policy.UniqueID, policy.Group, policy.OtherARN, policy.Unknown:
			return false
		}
	}
	return !slices.ContainsFunc(c.st.conditions, func(cond condition) bool {
		switch facts.KeySays(cond.key.lower) {
		case facts.CallerType, facts.CallerIsService:
			return false
		case facts.CallerARN, facts.CallerAccount:
			return slices.ContainsFunc(cond.values, func(v value) bool { return !v.plain })
		}
		return isCallerKey(cond.key.lower)
	})
}

// readsText reports whether the operator reads a text as a number, a date or a Boolean. The callers are found only from texts
// and patterns, so they do not represent those on both sides of NumericLessThan 500000000000 on an account. Of whole account
// IDs, the only account that is equal as a number is the one that is written.
func (c *condition) readsText() bool {
	switch c.op.family {
	case familyNumeric, familyDate, familyBool:
	case familyUnknown, familyString, familyARN, familyIP, familyBinary, familyNull:
		return false
	}
	ids := facts.KeySays(c.key.lower) == facts.CallerAccount && !slices.ContainsFunc(c.values, func(v value) bool { return !policy.IsAccountID(v.text) })
	return (c.key.typ == "String" || c.key.typ == "ARN") && !(ids && c.op.family == familyNumeric && c.op.compare == compareEquals)
}
