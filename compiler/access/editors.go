package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// canPut reports whether one of the callers that fit can put a policy in some context.
func (s *space) canPut(r *compiledPolicy, put boxes.Set, fits func(c *caller) bool) Answer {
	answer, _ := s.documented(s.allowed(r, s.ahead().With(dimAction, put).With(dimCaller, s.callersWhere(fits))))
	return answer
}

// editors fills in whether an editor is one in every context, who they are, and else under which conditions. Those who are
// editors by what all of their account have are not named one by one.
// "Always" is about one caller: somebody who can put the policy in every context, whatever the network, the time
// or the service that he comes through. Two who complement each other (one by day, one by night) are conditional,
// as each may be gone when needed.
func (s *space) editors(r *compiledPolicy, put, own boxes.Set, l *Lockout) {
	delegates := s.delegates(r, put, own)
	whole := s.wholeAccount(r, put, own)
	var conditions []Conditions // of each editor
	var namesakes []int
	users := map[string]bool{} // who are editors, by name
	for _, class := range s.callerClasses(r, own) {
		where := s.ahead().With(dimAction, put).With(dimCaller, s.single(dimCaller, class[0]))
		allowed := s.allowed(r, where)
		allowed.documented = true
		if answer, _ := allowed.settle(); answer != Yes {
			continue
		}
		if answer, _ := s.refused(r, where, delegated).settle(); answer == No {
			l.Editors = EditorsAlways
		}
		if l.Editors != EditorsAlways {
			at := put.First()
			list := s.contexts(s.real(s.allowedMinusDenied(r, s.all().With(dimAction, put).With(dimCaller, s.single(dimCaller, class[0])), delegated, repMust)), class[0], at)
			conditions = append(conditions, s.describe(list, class[0], at))
		}
		byDelegation := delegates(class[0])
		for _, i := range class {
			sub := s.subjectOf(&s.callers[i])
			if sub.generic && !whole {
				sub = s.kindSubject(&s.callers[i])
				sub.generic = true
			}
			if !whole && s.isGenericFederated(&s.callers[i]) {
				sub = s.kindSubject(&s.callers[i])
			}
			switch c := &s.callers[i]; {
			case !sub.shown || !sub.generic && byDelegation:
			case s.namesake(c):
				namesakes = append(namesakes, i)
			default:
				users[c.name] = users[c.name] || c.kind == callerUser
				l.Principals = append(l.Principals, sub.principal)
			}
		}
	}
	for _, i := range namesakes { // of a user whom something denies it
		if c := &s.callers[i]; !users[c.name] {
			l.Principals = append(l.Principals, s.subjectOf(c).principal)
		}
	}
	slices.Sort(l.Principals)
	l.Principals = slices.Compact(l.Principals)
	if l.Editors != EditorsAlways {
		l.Conditions = anyOf(conditions)
	}
}

// wholeAccount says that editors whom no policy names are of more than one kind: users and roles, or the root user too.
// "The account" as a line of the report is right only if more than its users, or more than its roles, get in; else
// the line says which of the two.
func (s *space) wholeAccount(r *compiledPolicy, put, own boxes.Set) bool {
	kinds := map[callerKind]bool{}
	for _, i := range own.Members(len(s.callers)) {
		c := &s.callers[i]
		if kinds[c.kind] || c.kind != callerRoot && !s.isGeneric(c) {
			continue
		}
		where := s.ahead().With(dimAction, put).With(dimCaller, s.single(dimCaller, i))
		answer, _ := s.allowed(r, where).settle()
		kinds[c.kind] = answer != No
	}
	return kinds[callerRoot] || kinds[callerUser] && kinds[callerSession]
}

// namesake: a federated user that gets in by the name of a user that the policies name.
func (s *space) namesake(c *caller) bool {
	return c.kind == callerFederated && s.naming.users[c.account+"/"+c.name] && !s.naming.arns[c.arn()]
}

// delegates reports whether a caller may put the policy by the account's delegation only to identity policies, as everyone
// of the account may.
// Rows for each role that the policy happens to name elsewhere would hide who matters: where the account
// delegates, any role there may be let, and a role that has nothing beyond that is covered by the account's own
// line.
func (s *space) delegates(r *compiledPolicy, put, own boxes.Set) func(callerAt int) bool {
	at := put.First()
	reach := func(i int, at level) string {
		where := s.ahead().With(dimAction, put).With(dimCaller, s.single(dimCaller, i))
		return s.key(s.contexts(s.real(s.allowedMinusDenied(r, where, at, repMust)), i, put.First()))
	}
	generic := -1
	for _, i := range own.Members(len(s.callers)) {
		if c := &s.callers[i]; c.kind == callerUser && s.isGeneric(c) {
			generic = i
		}
	}
	if generic < 0 || at < 0 {
		return func(int) bool { return false }
	}
	everyone := reach(generic, delegated)
	return func(i int) bool {
		return everyone != "" && reach(i, direct) == "" && reach(i, delegated) == everyone
	}
}

// single is the set of one class of a dimension.
func (s *space) single(dim, i int) boxes.Set {
	b := boxes.NewSet(s.sizes[dim])
	b.Add(i)
	return b
}

// callerClasses groups callers that are in the same boxes. No statement and nothing that is impossible distinguishes the members of a group
// apart, so a question that is asked of one of them is answered for all.
// The callers of a space are as many as principals and patterns can distinguish; what the compiled policy makes of
// them are often a handful of groups. All four approximations count, so that a group has one answer also where not
// all is known.
func (s *space) callerClasses(r *compiledPolicy, among boxes.Set) [][]int {
	var sets []boxes.Set
	add := func(list []boxes.Box) {
		for _, b := range list {
			if set := b[dimCaller]; set != nil {
				s.meter.Take(len(sets))
				if !slices.ContainsFunc(sets, set.Equal) {
					sets = append(sets, set)
				}
			}
		}
	}
	for v := range approximations {
		add(r.allowed(direct, v))
		add(r.allowed(delegated, v))
		add(r.denied(v))
	}
	add(s.impossible)
	index := map[string]int{}
	var classes [][]int
	for _, i := range among.Members(len(s.callers)) {
		s.meter.Take(boxes.StepBase + len(sets))
		key := make([]byte, len(sets))
		for j, set := range sets {
			if set.Has(i) {
				key[j] = 1
			}
		}
		at, ok := index[string(key)]
		if !ok {
			at = len(classes)
			index[string(key)] = at
			classes = append(classes, nil)
		}
		classes[at] = append(classes[at], i)
	}
	return classes
}
