package access

import "slices"

// line is some of what a caller may do, with whom the rows about it are about.
type line struct {
	sub    subject
	mine   permissions
	others *company
}

// lines divide what a caller may do by whom it is said of. What rows about many say that take the caller in is left out.
// A table with a row for each caller of the space would have hundreds, all alike. So rows are differences: the
// account, then what root users, all users, all roles have beyond it, then what named principals have beyond
// theirs.
func (t *table) lines(i int) []line {
	s := t.s
	c := &s.callers[i]
	mine := t.reaches[i]
	sub := s.subjectOf(c)
	unnamed := s.isUnnamed(c)
	if unnamed {
		sub = s.kindSubject(c) // some of them, whom no pattern names
	}
	if !mine.asked() || !sub.shown && !s.isGenericFederated(c) {
		return nil
	}
	others := t.companyOf(i)
	own, everybody := scope{kind: "account", accounts: c.account}, scope{kind: "anyone"}
	switch {
	case c.kind == callerService:
	case c.kind == callerRoot:
		mine = t.rootBeyond(t.rootBeyond(mine, i, own, t.ofAccount(c.account)), i, everybody, t.anyone)
		sub, mine = s.kindSubject(c), t.beyondAccounts(t.beyondKind(mine, i), i)
	case sub.generic || s.isGenericFederated(c):
		var list []line
		if sub.generic && c.kind == callerUser {
			list = append(list, line{sub, t.ofAccount(c.account), nil})
		}
		mine = t.beyond(t.beyond(mine, i, own, t.ofAccount(c.account)), i, everybody, t.anyone)
		return append(list, line{s.kindSubject(c), t.beyondAccounts(t.beyondKind(mine, i), i), others})
	default:
		mine = t.beyondAll(mine, i)
		for j := range s.callers {
			o := &s.callers[j]
			switch {
			case o.account != c.account:
			case unnamed && s.isGeneric(o) && o.kind == c.kind: // the row of its kind speaks for whom nothing names
				mine = t.beyondPeer(mine, i, t.reaches[j])
			case c.kind == callerFederated && o.kind == callerUser && o.name == c.name: // a user's row speaks for federated users of its name too
				mine = t.beyondPeer(mine, i, t.reaches[j])
			}
		}
		if sub.pattern {
			mine = t.beyondPatterns(mine, i, sub)
		}
	}
	return []line{{sub, mine, others}}
}

// ofAccount is what the row about all of an account says: what these may do beyond what anyone may.
func (t *table) ofAccount(account string) permissions {
	known, ok := t.whole[account]
	if ok {
		return known
	}
	known = t.base[account]
	at := slices.IndexFunc(t.s.callers, func(c caller) bool { return c.account == account && c.kind == callerUser && t.s.isGeneric(&c) })
	if at < 0 {
		return known
	}
	if account != t.r.m.owner && t.s.accountSubject(&t.s.callers[at]).kind == "account" {
		known = t.beyond(known, at, scope{kind: "anyone"}, t.anyone)
	}
	known = t.beyondAccounts(known, at)
	t.whole[account] = known
	return known
}

// beyondKind is what those of a kind may do in an account that something names beyond what they may in any.
func (t *table) beyondKind(mine permissions, callerAt int) permissions {
	c := &t.s.callers[callerAt]
	if c.account == t.r.m.owner || !t.s.naming.accounts[c.account] {
		return mine
	}
	for i := range t.s.callers {
		if o := &t.s.callers[i]; o.account == t.fresh && o.kind == c.kind && (o.kind == callerRoot || t.s.isGeneric(o) || t.s.isGenericFederated(o)) {
			of, _ := scopeOf(t.s.kindSubject(o))
			return t.beyond(mine, callerAt, of, t.reaches[i])
		}
	}
	return mine
}
