package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Exception is a principal whom a row about many takes in by its words, and who may less: a Deny, or an exception in a condition,
// names it.
type Exception struct {
	Principal string
	Kind      string
	Actions   []string // those of the row that it may not, or in fewer contexts
	Never     bool     // it may none of them in any context of the row
}

// exceptions are those of a row for a generic caller, whose access to the row's actions, by index, is given.
func (s *space) exceptions(callerAt int, sub subject, mine map[int]access, reach func(callerAt int) permissions) []Exception {
	of := s.callers[callerAt]
	var list []Exception
	less := func(j int) (Exception, bool) {
		e := Exception{Never: true}
		theirs := reach(j)
		for i, x := range mine {
			y, ok := theirs[NeedsIdentityPolicy][i]
			if !ok {
				y, ok = theirs[Allowed][i]
			}
			if can := s.possible(j, i); !s.covered(x.contexts, y.total, can) {
				e.Actions, e.Never = append(e.Actions, s.actions[i].name), e.Never && !ok
			}
		}
		slices.Sort(e.Actions)
		return e, len(e.Actions) > 0
	}
	accounts := map[string][]string{} // the actions of which a whole account is an exception
	for j := range s.callers {
		c := &s.callers[j]
		if !s.isGeneric(c) || !s.isOfAnyAccount(&of, sub, c) {
			continue
		}
		if e, ok := less(j); ok && accounts[c.account] == nil {
			e.Principal, e.Kind = policy.AccountARN(c.partition, c.account), "account"
			accounts[c.account] = e.Actions
			list = append(list, e)
		}
	}
	roles := map[string]bool{} // that are exceptions
	at := map[subject]int{}
	for j := range s.callers {
		c := &s.callers[j]
		if !s.speaksFor(&of, sub, c) || s.isGeneric(c) || s.namesake(c) || c.kind == callerSession && !c.anySession && roles[c.principalARN()] {
			continue
		}
		theirs := s.subjectOf(c)
		if c.kind == callerRoot {
			theirs = s.kindSubject(c)
		}
		if !theirs.shown {
			continue
		}
		e, ok := less(j)
		if ok && slices.Equal(e.Actions, accounts[c.account]) {
			continue
		}
		known, is := at[theirs] // of a pattern there are several
		switch {
		case is:
			list[known].Actions, list[known].Never = union(list[known].Actions, e.Actions), list[known].Never && e.Never && slices.Equal(list[known].Actions, e.Actions)
			slices.Sort(list[known].Actions)
		default:
			roles[c.principalARN()] = c.kind == callerSession && ok
			e.Principal, e.Kind = theirs.principal, theirs.kind
			at[theirs], list = len(list), append(list, e)
		}
	}
	list = slices.DeleteFunc(list, func(e Exception) bool { return len(e.Actions) == 0 })
	return sortExceptions(list)
}

// isOfAnyAccount reports whether a row about callers of any account takes in those of a caller's account, which is named.
func (s *space) isOfAnyAccount(of *caller, sub subject, c *caller) bool {
	switch {
	case !s.naming.accounts[c.account] && c.account != s.models[0].owner, s.naming.accounts[of.account], sub.kind == "account":
		return false
	case sub.kind == "anyone": // outside of the key's account
		return c.account != s.models[0].owner
	}
	return c.kind == of.kind
}

// speaksFor reports whether a row about many callers is about another caller too, who does not have the row by itself.
func (s *space) speaksFor(of *caller, sub subject, c *caller) bool {
	switch {
	case c.kind == callerService || c.kind == callerRoot && sub.kind != "account" && sub.kind != "anyone":
		return false
	case sub.kind == "anyone":
		return c.account != s.models[0].owner && c.kind != callerRoot
	case sub.kind == "account":
		return c.account == of.account
	}
	return c.kind == of.kind && (c.account == of.account || !s.naming.accounts[of.account])
}

func sortExceptions(list []Exception) []Exception {
	slices.SortStableFunc(list, func(a, b Exception) int {
		return cmp.Or(strings.Compare(a.Principal, b.Principal), strings.Compare(a.Kind, b.Kind))
	})
	return list
}

// joinExceptions adds exceptions of one part of a row's actions to those of another part.
func joinExceptions(list, more []Exception) []Exception {
	list = slices.Clone(list)
	for _, e := range more {
		at := slices.IndexFunc(list, func(o Exception) bool { return o.Principal == e.Principal && o.Kind == e.Kind })
		if at < 0 {
			list = append(list, e)
			continue
		}
		list[at].Actions = append(slices.Clone(list[at].Actions), e.Actions...)
		slices.Sort(list[at].Actions)
		list[at].Never = list[at].Never && e.Never
	}
	return sortExceptions(list)
}
