package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// lockout asks who of the key's account can put a policy.
func (s *space) lockout(r *compiledPolicy) Lockout {
	put := s.actionsWhere(func(a action) bool { return a.name == putKeyPolicy })
	own := s.callersWhere(func(c *caller) bool { return c.kind != callerService && c.account == r.m.owner })
	l := Lockout{Editors: EditorsNone, Caller: CallerUnknown, Principals: []string{}, DurableAnswer: No, RootUserAnswer: No}
	answer, witness := s.allowed(r, s.ahead().With(dimAction, put).With(dimCaller, own)).ask()
	switch answer {
	case Unknown:
		l.Editors, l.DurableAnswer, l.RootUserAnswer = EditorsUnknown, Unknown, Unknown
	case Yes:
		w := s.report(witness)
		l.Witness, l.Editors = &w, EditorsConditional
	case No:
	}
	if answer != No {
		l.RootUserAnswer = s.canPut(r, put, func(c *caller) bool { return c.kind == callerRoot && c.account == r.m.owner })
		unnamed := s.callersWhere(func(c *caller) bool { return s.isGeneric(c) && c.account == r.m.owner })
		l.DurableAnswer, _ = s.allowed(r, s.withoutIDs(s.ahead().With(dimAction, put).With(dimCaller, unnamed))).ask()
		switch {
		case l.RootUserAnswer == Yes:
			l.DurableAnswer = Yes // the root user cannot be deleted
		case l.RootUserAnswer == Unknown && l.DurableAnswer == No:
			l.DurableAnswer = Unknown
		}
		l.Durable, l.RootUser = l.DurableAnswer == Yes, l.RootUserAnswer == Yes
	}
	l.ByIdentityPolicy = s.editorStatus(r, put, s.callersWhere(func(c *caller) bool { return s.isGeneric(c) && c.account == r.m.owner }))
	if answer == Yes && !within(func() { s.editors(r, put, own, &l) }) {
		s.noteLimit(reasonSearch) // somebody can, and whether in every context is not worked out
		l.Editors, l.Conditions = EditorsUnknown, Conditions{}
	}
	return l
}

// allowed asks for a request that is allowed, by itself or with an identity policy.
func (s *space) allowed(r *compiledPolicy, where boxes.Box) question {
	return question{
		s: s, where: where, exact: r.exact, whole: true,
		from:    func(v approximation) []boxes.Box { return r.allowed(delegated, v) },
		minus:   r.denied,
		confirm: func(req *request) bool { return getsIn(r.m.evaluate(req).decision) },
	}
}

func getsIn(d Decision) bool { return d == Allowed || d == NeedsIdentityPolicy }

// refused asks for a request that is not allowed at a level.
func (s *space) refused(r *compiledPolicy, where boxes.Box, at level) question {
	return question{
		s: s, where: where, exact: r.exact, documented: true,
		from:  func(approximation) []boxes.Box { return []boxes.Box{s.all()} },
		minus: func(v approximation) []boxes.Box { return s.allowedMinusDenied(r, where, at, v) },
		confirm: func(req *request) bool {
			d := r.m.evaluate(req).decision
			return d == ExplicitDeny || d == ImplicitDeny || at == direct && d == NeedsIdentityPolicy
		},
	}
}

// against is how what is taken away is to be read where what it is taken from is read so.
func against(v approximation) approximation {
	return [...]approximation{repMust: repMay, repMay: repMust, classMust: classMay, classMay: classMust}[v]
}

// allowedMinusDenied are disjoint boxes of what is allowed at a level and not denied.
func (s *space) allowedMinusDenied(r *compiledPolicy, where boxes.Box, at level, v approximation) []boxes.Box {
	sub := s.subtraction()
	var list []boxes.Box
	denied := boxes.MeetAll(r.denied(against(v)), where)
	for _, b := range boxes.MeetAll(r.allowed(at, v), where) {
		sub.Remainder(b, denied, func(left boxes.Box) bool {
			list = s.keep(list, left)
			return true
		})
	}
	return list
}

// withoutIDs leaves out the ids of users and roles that the policy names: an id goes with its user or role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func (s *space) withoutIDs(b boxes.Box) boxes.Box {
	d := s.dim(keyUserID)
	if d == nil {
		return b
	}
	return b.With(s.index[keyUserID], d.where(func(a class) bool { return !s.namesClass(d, a) }))
}

func (s *space) canPut(r *compiledPolicy, put boxes.Set, fits func(c *caller) bool) Answer {
	answer, _ := s.allowed(r, s.ahead().With(dimAction, put).With(dimCaller, s.callersWhere(fits))).ask()
	return answer
}

// editors fills in whether an editor is one in every context, who they are, and else under which conditions. Those who are
// editors by what all of their account have are not named one by one.
func (s *space) editors(r *compiledPolicy, put, own boxes.Set, l *Lockout) {
	delegates := s.delegates(r, put, own)
	whole := s.wholeAccount(r, put, own)
	for _, class := range s.callerClasses(r, own) {
		where := s.ahead().With(dimAction, put).With(dimCaller, s.single(dimCaller, class[0]))
		if answer, _ := s.allowed(r, where).settle(); answer != Yes {
			continue
		}
		if answer, _ := s.refused(r, where, delegated).settle(); answer == No {
			l.Editors = EditorsAlways
		}
		if l.Conditions.None() {
			at := put.First()
			list := s.contexts(s.real(s.allowedMinusDenied(r, s.all().With(dimAction, put).With(dimCaller, s.single(dimCaller, class[0])), delegated, repMust)), class[0], at)
			l.Conditions = s.describe(list, class[0], at)
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
			if sub.shown && (sub.generic || !byDelegation) && !s.namesake(&s.callers[i]) && !slices.Contains(l.Principals, sub.principal) {
				l.Principals = append(l.Principals, sub.principal)
			}
		}
	}
	slices.Sort(l.Principals)
	if l.Editors == EditorsAlways {
		l.Conditions = Conditions{}
	}
}

// wholeAccount says that editors whom no policy names are of more than one kind: users and roles, or the root user too.
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

// delegates says whether a caller may put the policy by the account's delegation to identity policies alone, as everyone
// of the account may.
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

func (s *space) single(dim, i int) boxes.Set {
	b := boxes.NewSet(s.sizes[dim])
	b.Add(i)
	return b
}

// callerClasses groups callers that are in the same boxes.
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

// callerCheck is KMS's lockout safety check for one caller.
func (s *space) callerCheck(r *compiledPolicy, who string) CallerCheck {
	callers, err := r.m.parseCaller(who)
	if err != nil {
		s.note(openReason("The caller of the lockout safety check is none: " + err.Error()))
		return CallerUnknown
	}
	var out CallerCheck
	for i := range callers {
		if callers[i].kind == callerService {
			return CallerFail
		}
		check := s.checkOne(r, &callers[i])
		if i > 0 && check != out {
			s.noteKind(ReasonNotYetKnown, "Which path the role of "+who+" has is not known.")
			return CallerUnknown
		}
		out = check
	}
	return out
}

func (s *space) checkOne(r *compiledPolicy, c *caller) CallerCheck {
	at := slices.Index(s.callers, *c)
	if at < 0 {
		return CallerUnknown
	}
	put := s.actionsWhere(func(a action) bool { return a.name == putKeyPolicy })
	where := s.ahead().With(dimAction, put).With(dimCaller, s.single(dimCaller, at))
	switch answer, _ := s.allowed(r, where).ask(); answer {
	case Unknown:
		return CallerUnknown
	case No:
		return CallerFail
	case Yes:
	}
	switch answer, _ := s.refused(r, where, delegated).ask(); answer {
	case Unknown:
		return CallerUnknown
	case Yes:
		return CallerConditional
	case No:
	}
	switch answer, _ := s.refused(r, where, direct).ask(); answer {
	case Unknown:
		return CallerUnknown
	case Yes:
		return CallerPassIfIAM
	case No:
	}
	return CallerPass
}
