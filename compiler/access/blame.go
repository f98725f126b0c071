package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// component is an element or a condition of a statement, with what it by itself limits requests to.
type component struct {
	path diag.Path
	dim  int
	set  boxes.Set
	cond *condition
	what string // Principal, Action or Condition
}

// blame finds the smallest part of a statement that lets nothing match, and says why.
// Elements are removed one after another as long as the rest still lets nothing match. What is left is minimal:
// without any one of its parts something would match. It need not be the only minimal part, and the order
// (principal, action, conditions) decides which is found, so that the same policy always blames the same line.
func (s *space) blame(r *compiledPolicy, at int, out *StatementReport) {
	st := &r.m.statements[at]
	element := func(name string) diag.Path { return append(slices.Clone(st.src.Path), name) }
	switch {
	case !st.src.Has("Action") && !st.src.Has("NotAction"):
		out.Why, out.Blame = "It has no Action, so it has no effect.", []diag.Path{st.src.Path}
		return
	case !st.src.Has("Resource") && !st.src.Has("NotResource"):
		out.Why, out.Blame = "It has no Resource, so it has no effect.", []diag.Path{st.src.Path}
		return
	case !st.allow && !st.deny:
		out.Why, out.Blame = "Its Effect is neither Allow nor Deny.", []diag.Path{element("Effect")}
		return
	case st.resource == no:
		name := "Resource"
		if st.src.Has("NotResource") {
			name = "NotResource"
		}
		out.Why, out.Blame = name+" does not include this key.", []diag.Path{element(name)}
		return
	}
	core := s.components(r, at, element)
	for i := 0; i < len(core); {
		fewer := slices.Delete(slices.Clone(core), i, i+1)
		if s.isImpossible(r, st, fewer) {
			core = fewer
		} else {
			i++
		}
	}
	for _, c := range core {
		out.Blame = append(out.Blame, c.path)
	}
	out.Why = s.whyNever(core)
}

func (s *space) components(r *compiledPolicy, at int, element func(string) diag.Path) []component {
	st := &r.m.statements[at]
	name := func(plain string) string {
		if st.src.Has("Not" + plain) {
			return "Not" + plain
		}
		return plain
	}
	list := []component{
		{path: element(name("Principal")), dim: dimCaller, what: "Principal", set: s.callersWhere(func(c *caller) bool { return r.m.principalAt(st, c, delegated) != no })},
		{path: element(name("Action")), dim: dimAction, what: "Action", set: s.actionsWhere(func(a action) bool { return !a.future && st.actionMatch(a) != no })},
	}
	for i := range st.conditions {
		c := &st.conditions[i]
		if len(c.variableNames()) > 0 {
			continue
		}
		comp := component{path: c.path, cond: c, what: "Condition"}
		if isCallerKey(c.key.lower) {
			comp.dim = dimCaller
			comp.set = s.callersWhere(func(who *caller) bool { return c.eval(&request{caller: *who}) != no })
		} else {
			d := s.dim(dimensionKey(c.key.lower))
			comp.dim = s.index[d.key.lower]
			comp.set = d.where(func(a class) bool { return c.evalValues(a.values, nil) != no || !d.exact && a.values != nil })
		}
		list = append(list, comp)
	}
	return list
}

// isImpossible reports whether no request is in all of the components.
// An Allow is effective for another account only for the actions that cross accounts, which is a relation between
// principal and action and no property of either: so the box is cut into the key's own callers and the others.
func (s *space) isImpossible(r *compiledPolicy, st *statement, list []component) bool {
	b := s.all().With(dimAction, s.knownActions())
	for _, c := range list {
		b = b.With(c.dim, b[c.dim].And(c.set))
	}
	if b.Empty() {
		return true
	}
	parts := []boxes.Box{b}
	hasPrincipal := slices.ContainsFunc(list, func(c component) bool { return c.what == "Principal" })
	if st.allow && hasPrincipal {
		own := s.callersWhere(func(c *caller) bool { return c.kind == callerService || c.account == r.m.owner })
		crossing := s.actionsWhere(func(a action) bool { return a.cross == yes })
		parts = []boxes.Box{b.With(dimCaller, b[dimCaller].And(own)), b.With(dimCaller, b[dimCaller].Minus(own, len(s.callers))).With(dimAction, b[dimAction].And(crossing))}
	}
	sub, impossible := s.subtraction(), s.prepared.Union(s.impossible)
	for _, b := range parts {
		if !b.Empty() && !sub.Covers(impossible, b) {
			return false
		}
	}
	return true
}

// The sentence is made from the kinds of parts that are left, and says no more than they show: with a principal in
// it, the conditions could be met by others.
func (s *space) whyNever(core []component) string {
	var conds []*condition
	parts := map[string]bool{}
	for _, c := range core {
		parts[c.what] = true
		if c.cond != nil {
			conds = append(conds, c.cond)
		}
	}
	var keys []string
	for _, c := range conds {
		if !slices.Contains(keys, c.key.name) {
			keys = append(keys, c.key.name)
		}
	}
	names := strings.Join(keys, " and ")
	switch {
	case len(core) == 1 && parts["Principal"]:
		return "No caller is one of its principals."
	case len(core) == 1 && parts["Action"]:
		return "It names no action that a key policy can allow or deny."
	case len(core) == 1 && len(conds) == 1:
		return fmt.Sprintf("No request meets its condition %s on %s.", conds[0].text, names)
	case parts["Action"] && parts["Principal"] && len(conds) == 0:
		return "Another account cannot use any of its actions."
	case parts["Action"] && len(conds) > 0 && !parts["Principal"]:
		return fmt.Sprintf("No request for its actions meets its conditions on %s.", names)
	case parts["Principal"] && len(conds) > 0:
		return fmt.Sprintf("No request of its principals meets its conditions on %s.", names)
	case len(keys) == 1:
		return fmt.Sprintf("Its conditions on %s contradict each other.", names)
	case len(conds) > 1:
		return fmt.Sprintf("Its conditions on %s cannot be met together.", names)
	}
	return "No request matches it."
}
