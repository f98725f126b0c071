package access

import (
	"maps"
	"slices"
	"strconv"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// indexPrincipals sorts the principals, so that each of many callers is held only against those that it can be.
func (st *statement) indexPrincipals() {
	st.named, st.accounts = map[string][]int{}, map[string][]int{}
	for i := range st.src.Principals {
		p := &st.src.Principals[i]
		exact := p.Kind == policy.User || p.Kind == policy.Role || p.Kind == policy.Session || p.Kind == policy.FederatedUser
		switch {
		case exact && !st.looks[i].wild:
			st.named[p.Name] = append(st.named[p.Name], i)
		case p.Kind == policy.Account && !st.looks[i].wild:
			st.accounts[p.Account] = append(st.accounts[p.Account], i)
		default:
			st.others = append(st.others, i)
		}
	}
}

// candidates are the principals, by index, that a caller can be: no other matches it.
func (st *statement) candidates(c *caller) [3][]int {
	return [...][]int{st.others, st.accounts[c.account], st.named[c.name]}
}

// principalMatch reports whether the statement is about a caller.
func (m *model) principalMatch(st *statement, c *caller) (tri, level) {
	t, l := no, none
	if st.src.Has("NotPrincipal") {
		t, l = m.exempts(st, c).not(), direct
		if st.allow {
			t = t.and(maybe)
		}
	}
	written := writtenCaller{caller: c}
	for _, list := range st.candidates(c) {
		for _, i := range list {
			pt, pl := m.matchWritten(&st.src.Principals[i], st.looks[i], &written)
			switch {
			case pt > t:
				t, l = pt, pl
			case pt == t && pt != no:
				l = max(l, pl)
			}
		}
	}
	if t != yes && (st.unreadable["Principal"] || st.unreadable["NotPrincipal"]) {
		return maybe, direct
	}
	return t, l
}

// principalAt is the match at a level or above it: an Allow can name a caller and, surely or not, its account as well.
// A statement can name `role/app` and the account of that role in one list. The role is then allowed directly and
// everybody else by delegation, so a match is asked for level by level and the best entry counts.
func (m *model) principalAt(st *statement, c *caller, at level) tri {
	if !st.src.Has("NotPrincipal") && !st.unreadable["Principal"] {
		out, written := no, writtenCaller{caller: c}
		for _, list := range st.candidates(c) {
			for _, i := range list {
				if t, l := m.matchWritten(&st.src.Principals[i], st.looks[i], &written); l >= at {
					out = out.or(t)
				}
			}
		}
		return out
	}
	t, l := m.principalMatch(st, c)
	if l < at {
		return no
	}
	return t
}

// NotAction in an Allow allows all but the list, including what AWS adds later. That is why actions of the future
// are in the space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
func (st *statement) actionMatch(a action) tri {
	if !a.effective {
		return no
	}
	if st.unreadable["Action"] || st.unreadable["NotAction"] {
		return maybe
	}
	matches := func(list []policy.Text) tri {
		for i := range list {
			if glob.MatchFold(list[i].Value, a.name) {
				return yes
			}
		}
		for _, open := range st.openActions {
			if glob.MatchFold(open, a.name) {
				return maybe
			}
		}
		return no
	}
	switch {
	case st.src.Has("Action") && st.src.Has("NotAction"):
		return maybe // AWS takes one of the two
	case st.src.Has("Action"):
		return matches(st.src.Actions)
	case st.src.Has("NotAction"):
		return truth(len(st.src.NotActions) > 0).and(matches(st.src.NotActions).not())
	}
	return no // KMS takes such a statement, and it has no effect
}

// conditionsMatch reports whether all conditions hold.
func (st *statement) conditionsMatch(r *request) tri {
	out := st.once("", st.conditions, r, func() tri { return allHold(st.conditions, r) })
	if st.unreadable["Condition"] {
		out = out.and(maybe)
	}
	return out
}

// once finds an outcome of some conditions once for all requests that have the same of what these look at. Of a request in which
// something is open, each choice is tried.
func (st *statement) once(of string, conditions []condition, r *request, find func() tri) tri {
	if len(r.open) == 0 || len(conditions) == 0 {
		return find()
	}
	key := of + r.about(conditions)
	out, ok := st.held[key]
	if !ok {
		if out = find(); st.held == nil {
			st.held = map[string]tri{}
		}
		st.held[key] = out
	}
	return out
}

// allHold reports whether all of some conditions hold. Where it is not known which value a key has, it has the same one for
// all of them.
// Two conditions on one open key are not independent: "is a" and "is b" each hold maybe, and never both. So the
// value is supposed once for the whole statement and the outcomes are compared, instead of combining maybes.
func allHold(conditions []condition, r *request) tri {
	if r.caller.kind == callerService || len(r.open) > 0 {
		for i := range conditions {
			for _, lower := range append(conditions[i].variableNames(), conditions[i].key.lower) {
				if choices := r.lookup(lower); len(choices) > 1 {
					return allHoldChoosing(conditions, r, lower, len(choices))
				}
			}
		}
	}
	out := yes
	for i := range conditions {
		if out = out.and(conditions[i].eval(r)); out == no {
			return no
		}
	}
	return out
}

func allHoldChoosing(conditions []condition, r *request, lower string, choices int) tri {
	out := no
	for i := range choices {
		supposed := *r
		supposed.chosen = map[string]int{lower: i}
		maps.Copy(supposed.chosen, r.chosen)
		t := allHold(conditions, &supposed)
		if i > 0 && t != out {
			return maybe
		}
		out = t
	}
	return out
}

// match holds a request against the whole statement, at a level or above it. No element makes up for one that does not match,
// so the rest is not looked at then: most statements of a large policy are about other principals.
func (m *model) match(st *statement, r *request, at level) tri {
	out := m.principalAt(st, &r.caller, at).and(st.resource)
	if out == no {
		return no
	}
	if out = out.and(st.actionMatch(r.action)); out == no {
		return no
	}
	out = out.and(st.conditionsMatch(r))
	if st.unreadable[""] {
		out = out.and(maybe)
	}
	return out
}

// why lists the reasons for an outcome that is not known.
func (m *model) why(st *statement, r *request) []Reason {
	why := slices.Clone(st.reasons)
	for i := range st.conditions {
		if st.once(strconv.Itoa(i), st.conditions[i:i+1], r, func() tri { return st.conditions[i].eval(r) }) == maybe {
			why = append(why, st.conditions[i].reason())
		}
	}
	return why
}
