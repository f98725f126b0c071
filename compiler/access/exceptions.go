package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// Exception is a principal whom a row about many takes in by its words, and who may less: a Deny, or an exception in a condition,
// names it.
type Exception struct {
	Principal string
	Kind      string
	Actions   []string // those of the row that it may not, or in fewer contexts
	Never     bool     // it may none of them in any context of the row
}

// exceptions are those of a row about the caller and others, by what it says of its actions, by index. Those who may less
// and have no other name than the row's are ruled out by limits, see callerLimits.
func (t *table) exceptions(callerAt int, row subject, said map[int]wording) (list []Exception, limits []map[string]Constraint) {
	of, _ := scopeOf(row)
	byClass := map[int]Exception{}
	who, meant, others := []int(nil), []int{callerAt}, []int(nil)
	for j := range t.s.callers {
		if j == callerAt || !t.reaches[j].asked() || t.class[j] == t.class[callerAt] {
			continue
		}
		e, ok := byClass[t.class[j]]
		if !ok {
			e = t.exception(j, said)
			byClass[t.class[j]] = e
		}
		switch {
		case !t.takes(of, j):
		case len(e.Actions) > 0:
			who = append(who, j)
		default:
			meant = append(meant, j)
		}
	}
	var all []exceptionOf
	at := map[subject]int{}
	for _, j := range who {
		c, e := &t.s.callers[j], byClass[t.class[j]]
		sub := t.named(j)
		if t.s.isGeneric(c) && t.wholeAccount(c.account, of, byClass) {
			sub = subject{principal: t.s.accountSubject(c).principal, kind: "account", shown: true}
		}
		if !sub.shown || t.s.namesake(c) {
			continue
		}
		if t.sameName(callerAt, j, row, sub, of, byClass) {
			if sub = t.distinguished(callerAt, j); !sub.shown {
				others = append(others, j)
				continue
			}
		}
		known, is := at[sub] // of a pattern there are several
		if is {
			e.Never = e.Never && all[known].Never && slices.Equal(e.Actions, all[known].Actions)
			e.Actions = union(all[known].Actions, e.Actions)
			slices.Sort(e.Actions)
			all[known].Actions, all[known].Never = e.Actions, e.Never
			continue
		}
		e.Principal, e.Kind = sub.principal, sub.kind
		at[sub] = len(all)
		wide, _ := scopeOf(sub)
		all = append(all, exceptionOf{e, j, wide})
	}
	for name, i := range at { // some of those that the words take in may all of it
		if all[i].Never && t.someMay(name, of, byClass) {
			all[i].Never = false
		}
	}
	for _, e := range all {
		if !slices.ContainsFunc(all, func(o exceptionOf) bool { return t.speaksFor(o, e) }) {
			list = append(list, e.Exception)
		}
	}
	return sortExceptions(list), t.s.callerLimits(meant, others)
}

// sameName reports whether a caller is named as others in a row are, of whom it differs.
// A pattern can have several callers who do not have the same, where another pattern distinguishes them. To except
// "role/ci-*" from "role/ci-*" says nothing.
func (t *table) sameName(callerAt, other int, row, sub subject, of scope, byClass map[int]Exception) bool {
	c, o := &t.s.callers[callerAt], &t.s.callers[other]
	if c.account != o.account && !t.s.naming.accounts[c.account] && t.s.accountSubject(c) == t.s.accountSubject(o) {
		return true
	}
	return row.pattern && sub.pattern && (sub.principal == row.principal || sub.principal == t.s.inAccount(row.principal, o) && t.someMay(sub, of, byClass))
}

// distinguished names a caller by the longest pattern of ARNs that it matches and another caller of the same name does not.
func (t *table) distinguished(callerAt, other int) subject {
	o := &t.s.callers[other]
	best := longest(t.s.naming.globs, o.principalARN(), t.s.callers[callerAt].principalARN())
	return subject{principal: t.s.inAccount(best, o), kind: o.kindName(), shown: best != "", pattern: true}
}

// exceptionOf is an exception with one of the callers whom it names.
type exceptionOf struct {
	Exception
	at    int
	scope scope // of its words
}

// speaksFor reports whether an exception about many, or about a role with all of its sessions, makes that of a caller needless.
func (t *table) speaksFor(o, e exceptionOf) bool {
	return o.scope != e.scope && o.Never == e.Never && slices.Equal(o.Actions, e.Actions) && t.taken(o.scope).Has(e.at) && (e.Kind != "account" || o.Kind == "account")
}

// takes reports whether a row speaks for a caller. A row about anyone does so for those of the key's account only as a whole,
// who have a row of their own.
func (t *table) takes(of scope, at int) bool {
	c := &t.s.callers[at]
	if of.kind == "anyone" && c.account == t.r.m.owner && c.kind != callerRoot && !t.s.isGeneric(c) && !t.s.isGenericFederated(c) {
		return false
	}
	return t.taken(of).Has(at)
}

// taken are the callers that a scope takes in. Each is held against its pattern once, as every row and every exception asks for them.
func (t *table) taken(of scope) boxes.Set {
	set, ok := t.scopes[of]
	if !ok {
		set = boxes.NewSet(len(t.s.callers))
		for i := range t.s.callers {
			if of.takes(&t.s.callers[i]) {
				set.Add(i)
			}
		}
		t.scopes[of] = set
	}
	return set
}

// exception is what a caller may less of what a row says.
func (t *table) exception(callerAt int, said map[int]wording) Exception {
	e := Exception{Never: true}
	for i, w := range said {
		if extent := t.extent(w, callerAt, i); extent != hasAll {
			e.Actions, e.Never = append(e.Actions, t.s.actions[i].name), e.Never && extent == hasNone
		}
	}
	slices.Sort(e.Actions)
	return e
}

// wholeAccount reports whether all of an account of whom nothing says who they are may less of the same actions.
func (t *table) wholeAccount(account string, of scope, byClass map[int]Exception) bool {
	var first *Exception
	for j := range t.s.callers {
		c := &t.s.callers[j]
		if c.account != account || c.kind == callerService || c.kind != callerRoot && !t.s.isGeneric(c) && !t.s.isGenericFederated(c) {
			continue
		}
		e, ok := byClass[t.class[j]]
		if !ok || !t.takes(of, j) || len(e.Actions) == 0 {
			return false
		}
		if first == nil {
			first = &e
		}
		if !slices.Equal(first.Actions, e.Actions) || first.Never != e.Never {
			return false
		}
	}
	return first != nil
}

// someMay reports whether one of those who bear the name of an exception may all of what the row says.
func (t *table) someMay(name subject, of scope, byClass map[int]Exception) bool {
	for j := range t.s.callers {
		if t.reaches[j].asked() && t.takes(of, j) && len(byClass[t.class[j]].Actions) == 0 {
			if t.named(j) == name {
				return true
			}
		}
	}
	return false
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

// eitherExcepts are the exceptions where it is not known which of two lists is right: who is in one only may perhaps all of it.
func eitherExcepts(list, other []Exception) []Exception {
	for _, pair := range [][2][]Exception{{list, other}, {other, list}} {
		for _, e := range pair[0] {
			if !slices.ContainsFunc(pair[1], func(o Exception) bool {
				return o.Principal == e.Principal && o.Kind == e.Kind && o.Never == e.Never && slices.Equal(o.Actions, e.Actions)
			}) {
				e.Never = false
				list = joinExceptions(slices.DeleteFunc(slices.Clone(list), func(o Exception) bool { return o.Principal == e.Principal && o.Kind == e.Kind }), []Exception{e})
			}
		}
	}
	return list
}
