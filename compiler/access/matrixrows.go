package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// where keeps the actions of which keep is true. The lists of a decision keep their length, one place an action, so that an action has the
// same index in what is kept; a decision of which nothing is kept has no list.
func (p permissions) where(keep func(d Decision, action int, x *access) bool) permissions {
	out := nothing()
	out.callerAt = p.callerAt
	part := func(d Decision, to *[]*access) {
		list := p.list(d)
		for i, x := range list {
			if x == nil || !keep(d, i, x) {
				continue
			}
			if len(*to) == 0 {
				*to = make([]*access, len(list))
			}
			(*to)[i] = x
		}
	}
	part(Allowed, &out.allowed)
	part(NeedsIdentityPolicy, &out.needs)
	return out
}

// rows groups a caller's actions by the contexts in which they are allowed: actions of the same contexts are described together, and
// become one row if the words are the same, too. seen are the rows that others have already: a row of the same words is not repeated.
func (t *table) rows(callerAt int, p line, seen map[string]bool) []Row {
	sub, mine, others := p.sub, p.mine, p.others
	_, many := scopeOf(sub)
	s, r := t.s, t.r
	var rows []Row
	for _, d := range []Decision{Allowed, NeedsIdentityPolicy} {
		byKey := map[string][]int{}
		for i, x := range mine.list(d) {
			if x != nil {
				byKey[x.key] = append(byKey[x.key], i)
			}
		}
		for _, key := range sortedKeys(byKey) {
			at := byKey[key]
			groups := map[string]*Row{}
			var last *access // what is said of it is said of the next action too, if nobody else is spoken for
			var row *Row
			for _, i := range at {
				x := mine.of(d, i)
				if others == nil && x == last {
					row.Actions = append(row.Actions, s.actions[i].name)
					continue
				}
				last = x
				conditions := s.describeFor(x.contexts, x.key, callerAt, i, others.contexts(d, i))
				row = groups[conditions.id()]
				if row == nil {
					row = &Row{Principal: sub.principal, Kind: sub.kind, Decision: d, Conditions: conditions, Statements: s.granting(r, callerAt, at, d, x.contexts)}
					groups[conditions.id()] = row
				}
				row.Actions = append(row.Actions, s.actions[i].name)
				row.Otherwise = d == NeedsIdentityPolicy && conditions.Text != "" && s.describeFor(x.total, s.key(x.total), callerAt, i, others.contexts(d, i)).None()
			}
			for _, row := range groups {
				if !many && sub.kind != "session" {
					continue
				}
				said, words := map[int]wording{}, row.Conditions.ofCaller()
				for _, i := range at {
					if slices.Contains(row.Actions, s.actions[i].name) {
						x := mine.of(d, i)
						said[i] = wording{contexts: x.contexts, id: x.id, words: words}
					}
				}
				var limits []map[string]Constraint
				if many {
					row.Except, limits = t.exceptions(callerAt, sub, said)
				} else {
					limits = t.sessionLimits(callerAt, sub, said)
				}
				row.Conditions = row.Conditions.limitedTo(limits, s.callers[callerAt].kind)
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
// Rows are grouped by the set of contexts first and by their words here: different sets can read the same where
// they differ in what cannot be for one of the actions only.
func mergeRows(rows []Row) []Row {
	var out []Row
	for _, row := range rows {
		at := slices.IndexFunc(out, func(o Row) bool { return o.Decision == row.Decision && o.Conditions.same(row.Conditions) })
		if at < 0 {
			out = append(out, row)
			continue
		}
		out[at].Actions = append(out[at].Actions, row.Actions...)
		out[at].Except = joinExceptions(out[at].Except, row.Except)
		slices.Sort(out[at].Actions)
		out[at].Statements = append(out[at].Statements, row.Statements...)
		slices.Sort(out[at].Statements)
		out[at].Statements = slices.Compact(out[at].Statements)
	}
	return out
}

// granting are the Allow statements that a row rests on: those that are about some of its contexts.
// A direct row rests on statements that name the caller or everybody, a delegated one also on those that name its
// account. A statement that covers other contexts of the same action is not the reason for this row.
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
