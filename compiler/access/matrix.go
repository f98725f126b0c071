package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// access of one caller: for one action, at one decision, in which contexts.
type access struct {
	contexts []projection
	key      string
	denied   string       // the contexts in which the action is denied explicitly, to be compared
	total    []projection // the contexts in which it is allowed, by itself or with an identity policy
}

// within says whether another caller has it too: the same, or more where neither is denied anything that the other is not.
func (x access) within(y access) bool {
	return x.key == y.key || x.denied == y.denied && inside(x.contexts, y.contexts)
}

func inside(list, of []projection) bool {
	return !slices.ContainsFunc(list, func(p projection) bool {
		return !slices.ContainsFunc(of, p.within)
	})
}

// permissions is what one caller may do: by decision and action.
type permissions map[Decision]map[int]access

// reachOf works out what a caller may do outside of some boxes, for the actions that there are. Where not all is known, it is what is sure.
func (s *space) reachOf(r *compiledPolicy, callerAt int, minus []boxes.Box) permissions {
	out := permissions{Allowed: {}, NeedsIdentityPolicy: {}}
	where := s.all().With(dimCaller, s.single(dimCaller, callerAt)).With(dimAction, s.knownActions())
	allowed, total := s.allowedMinusDenied(r, where, direct, repMust), s.allowedMinusDenied(r, where, delegated, repMust)
	byItself := boxes.MeetAll(r.allowed(direct, repMay), where)
	var needs []boxes.Box
	sub := s.subtraction()
	for _, b := range total {
		sub.Remainder(b, byItself, func(left boxes.Box) bool {
			needs = s.keep(needs, left)
			return true
		})
	}
	denied := boxes.MeetAll(r.denied(classMay), where)
	for d, region := range map[Decision][]boxes.Box{Allowed: s.real(s.take(allowed, minus)), NeedsIdentityPolicy: s.real(s.take(needs, minus))} {
		for i, a := range s.actions {
			if a.future {
				continue
			}
			if list := s.contexts(region, callerAt, i); len(list) > 0 {
				out[d][i] = access{list, s.key(list), s.key(s.contexts(denied, callerAt, i)), s.contexts(total, callerAt, i)}
			}
		}
	}
	return out
}

// real leaves out boxes in which no request can be. The others stay whole: what cannot be in them harms no description.
func (s *space) real(all []boxes.Box) []boxes.Box {
	sub := s.subtraction()
	var list []boxes.Box
	for _, b := range all {
		if !sub.Remainder(b, s.impossible, func(boxes.Box) bool { return false }) {
			list = append(list, b)
		}
	}
	return list
}

// take takes boxes away from others.
func (s *space) take(all, less []boxes.Box) []boxes.Box {
	if len(less) == 0 {
		return all
	}
	sub := s.subtraction()
	var list []boxes.Box
	for _, b := range all {
		sub.Remainder(b, less, func(left boxes.Box) bool {
			list = s.keep(list, left)
			return true
		})
	}
	return list
}

// matrix lists who may do what. Of those that the policy names, only what goes beyond what all of their account may do;
// of strangers, what they may do when nobody vouches for them, as among the outsiders.
func (s *space) matrix(r *compiledPolicy) []Row {
	reaches := make([]permissions, len(s.callers))
	reach := func(callers boxes.Set, minus []boxes.Box) {
		for _, class := range s.callerClasses(r, callers) {
			first := s.reachOf(r, class[0], minus)
			for _, i := range class {
				reaches[i] = first
			}
		}
	}
	strangers, vouched := s.strangers(), s.vouchedFor(r)
	if len(vouched) == 0 {
		reach(boxes.FullSet(len(s.callers)), nil)
	} else {
		reach(strangers, vouched)
		reach(strangers.Complement(len(s.callers)), nil)
	}
	base := map[string]permissions{} // of an account, what all of it may do
	for i := range s.callers {
		if c := &s.callers[i]; s.isGeneric(c) {
			if b, ok := base[c.account]; ok {
				base[c.account] = common(b, reaches[i])
			} else {
				base[c.account] = reaches[i]
			}
		}
	}
	anyone := base[freshAccount(s.accountList())]
	rows := []Row{}
	seen := map[string]bool{}
	for i := range s.callers {
		c := &s.callers[i]
		sub := s.subjectOf(c)
		unnamed := !sub.shown && s.naming.accounts[c.account] && (c.kind != callerSession || c.anySession) && !s.isGenericFederated(c)
		if unnamed {
			sub = s.kindSubject(c) // some of them, whom no pattern names
		}
		if !sub.shown && !s.isGenericFederated(c) {
			continue
		}
		mine := reaches[i]
		switch {
		case c.kind == callerService:
		case c.kind == callerRoot:
			mine = s.rootBeyond(i, s.rootBeyond(i, mine, base[c.account]), anyone)
			if sub = s.kindSubject(c); c.account != r.m.owner && s.naming.accounts[c.account] {
				mine = beyond(mine, s.sameKind(reaches, c))
			}
		case sub.generic || s.isGenericFederated(c):
			if sub.generic && c.kind == callerUser {
				whole := base[c.account]
				if c.account != r.m.owner && sub.kind == "account" {
					whole = beyond(whole, anyone)
				}
				rows = append(rows, s.rows(r, i, sub, whole, seen)...)
			}
			sub = s.kindSubject(c)
			mine = beyond(beyond(mine, base[c.account]), anyone)
			if c.account != r.m.owner && s.naming.accounts[c.account] {
				mine = beyond(mine, s.sameKind(reaches, c))
			}
		default:
			mine = beyond(beyond(mine, base[c.account]), anyone)
			for j := range s.callers { // the row of its kind speaks for whom nothing names
				if o := &s.callers[j]; unnamed && s.isGeneric(o) && o.kind == c.kind && o.account == c.account {
					mine = beyond(mine, reaches[j])
				}
			}
			for j := range s.callers { // a user's row speaks for federated users of its name too
				if o := &s.callers[j]; c.kind == callerFederated && o.kind == callerUser && o.account == c.account && o.name == c.name {
					mine = beyond(mine, reaches[j])
				}
			}
		}
		if sub.shown {
			rows = append(rows, s.rows(r, i, sub, mine, seen)...)
		}
	}
	return sortRows(withoutParts(rows))
}

// isGenericFederated: a federated user that no policy names.
func (s *space) isGenericFederated(c *caller) bool {
	return c.kind == callerFederated && c.name == s.fresh
}

// kindSubject is all users, all roles or all federated users of an account, or of any.
func (s *space) kindSubject(c *caller) subject {
	if c.kind == callerService {
		return subject{principal: AnyOtherService, kind: c.kindName(), shown: true}
	}
	all := *c
	all.path, all.name = "", "*"
	if !s.naming.accounts[c.account] {
		all.account = cmp.Or(s.accountPattern(c.account), "*")
	}
	return subject{principal: all.principalARN(), kind: c.kindName(), shown: true}
}

// sameKind is what a caller of the kind may do in an account that nothing names.
func (s *space) sameKind(reaches []permissions, c *caller) permissions {
	fresh := freshAccount(s.accountList())
	for i := range s.callers {
		if o := &s.callers[i]; o.account == fresh && o.kind == c.kind && (o.kind == callerRoot || s.isGeneric(o) || s.isGenericFederated(o)) {
			return reaches[i]
		}
	}
	return permissions{}
}

func (s *space) accountList() []string {
	var list []string
	for a := range s.naming.accounts {
		list = append(list, a)
	}
	return list
}

// common is what both may do.
func common(a, b permissions) permissions {
	out := permissions{Allowed: {}, NeedsIdentityPolicy: {}}
	for d, actions := range a {
		for i, x := range actions {
			if y, ok := b[d][i]; ok && x.key == y.key {
				out[d][i] = x
			}
		}
	}
	return out
}

// beyond is what one may do and not the other too.
func beyond(mine, base permissions) permissions {
	return mine.where(func(d Decision, i int, x access) bool {
		y, ok := base[d][i]
		return !ok || !x.within(y)
	})
}

// rootBeyond is what a root user may do beyond what others of an account may. What these need an identity policy for it
// does by itself, so decisions do not count; nor do contexts in which it never is.
func (s *space) rootBeyond(rootAt int, mine, base permissions) permissions {
	return mine.where(func(_ Decision, i int, x access) bool {
		can := s.possible(rootAt, i)
		for _, y := range []access{base[Allowed][i], base[NeedsIdentityPolicy][i]} {
			if x.denied == y.denied && len(y.total) > 0 && inside(x.contexts, s.among(y.total, can)) {
				return false
			}
		}
		return true
	})
}

// among are contexts as far as a caller can be in them.
func (s *space) among(list []projection, can []boxes.Set) []projection {
	var out []projection
	for _, p := range list {
		p = slices.Clone(p)
		empty := false
		for k := range p {
			if p[k] = p[k].And(can[k]); can[k].Within(p[k]) {
				p[k] = nil
			}
			empty = empty || p[k] != nil && p[k].Empty()
		}
		if !empty {
			out = append(out, p)
		}
	}
	return out
}

// where keeps a part.
func (r permissions) where(keep func(d Decision, action int, x access) bool) permissions {
	out := permissions{Allowed: {}, NeedsIdentityPolicy: {}}
	for d, actions := range r {
		for i, x := range actions {
			if keep(d, i, x) {
				out[d][i] = x
			}
		}
	}
	return out
}

// rows groups a caller's actions by the contexts.
func (s *space) rows(r *compiledPolicy, callerAt int, sub subject, mine permissions, seen map[string]bool) []Row {
	var rows []Row
	for _, d := range []Decision{Allowed, NeedsIdentityPolicy} {
		byKey := map[string][]int{}
		for i, x := range mine[d] {
			byKey[x.key] = append(byKey[x.key], i)
		}
		for _, key := range sortedKeys(byKey) {
			at := byKey[key]
			slices.Sort(at)
			groups := map[string]*Row{}
			for _, i := range at {
				conditions := s.describe(mine[d][i].contexts, callerAt, i)
				row := groups[conditions.id()]
				if row == nil {
					row = &Row{Principal: sub.principal, Kind: sub.kind, Decision: d, Conditions: conditions, Statements: s.granting(r, callerAt, at, d, mine[d][i].contexts)}
					groups[conditions.id()] = row
				}
				row.Actions = append(row.Actions, s.actions[i].name)
				row.Otherwise = d == NeedsIdentityPolicy && conditions.Text != "" && s.describe(mine[d][i].total, callerAt, i).None()
			}
			for _, text := range sortedKeys(groups) {
				rows = append(rows, *groups[text])
			}
		}
	}
	return slices.DeleteFunc(mergeRows(rows), func(row Row) bool {
		id := row.Principal + "|" + row.Kind + "|" + string(row.Decision) + "|" + row.Conditions.id() + "|" + strings.Join(row.Actions, " ")
		dup := seen[id]
		seen[id] = true
		return dup
	})
}

// mergeRows joins rows that read the same.
func mergeRows(rows []Row) []Row {
	var out []Row
	for _, row := range rows {
		at := slices.IndexFunc(out, func(o Row) bool { return o.Decision == row.Decision && o.Conditions.same(row.Conditions) })
		if at < 0 {
			out = append(out, row)
			continue
		}
		out[at].Actions = append(out[at].Actions, row.Actions...)
		slices.Sort(out[at].Actions)
		out[at].Statements = append(out[at].Statements, row.Statements...)
		slices.Sort(out[at].Statements)
		out[at].Statements = slices.Compact(out[at].Statements)
	}
	return out
}

// granting are the Allow statements that a row rests on: those that are about some of its contexts.
func (s *space) granting(r *compiledPolicy, callerAt int, actions []int, d Decision, contexts []projection) []int {
	at := delegated
	if d == Allowed {
		at = direct
	}
	can := s.possible(callerAt, actions[0])
	meets := func(b boxes.Box) bool {
		return slices.ContainsFunc(contexts, func(p projection) bool {
			for k := range s.dims {
				if b[dimKeys+k].And(can[k]).And(p[k]).Empty() {
					return false
				}
			}
			return true
		})
	}
	list := []int{}
	for i := range r.allow[at] {
		if slices.ContainsFunc(r.allow[at][i][repMust], func(b boxes.Box) bool {
			return b[dimCaller].Has(callerAt) && slices.ContainsFunc(actions, b[dimAction].Has) && meets(b)
		}) {
			list = append(list, r.m.statements[i].index)
		}
	}
	return list
}

func sortRows(rows []Row) []Row {
	rank := map[string]int{"account": 0, "root_user": 1, "anyone": 7, "service": 6, "user": 2, "role": 3, "session": 4, "federated_user": 5}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Decision, b.Decision),
			cmp.Compare(a.Conditions.Text, b.Conditions.Text), slices.Compare(a.Actions, b.Actions))
	})
	return rows
}
