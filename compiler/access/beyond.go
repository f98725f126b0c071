package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// beyond is what a caller may do that no row about many says of it.
// A row does not speak for a caller whom one of its exceptions takes in: of "everybody but account 444455556666"
// nobody of the account is part, so a role there that gets in after all has a row of its own.
func (t *table) beyond(mine permissions, callerAt int, of scope, base permissions) permissions {
	return mine.where(func(d Decision, i int, x *access) bool {
		y := base.of(d, i)
		if y == nil {
			return true
		}
		said := t.wordingOf(base.callerAt, d, y, i)
		return !t.within(x, callerAt, said, y, base.callerAt, i) || t.excepted(callerAt, of, said, i)
	})
}

// beyondPeer is what a caller may do that the row about another one of its kind does not say of it.
func (t *table) beyondPeer(mine permissions, callerAt int, base permissions) permissions {
	return mine.where(func(d Decision, i int, x *access) bool {
		y := base.of(d, i)
		return y == nil || !t.within(x, callerAt, t.wordingOf(base.callerAt, d, y, i), y, base.callerAt, i)
	})
}

// rootBeyond is what a root user may do beyond what others of an account may. What these need an identity policy for it
// does by itself, so decisions do not count; nor do contexts in which it never is.
// The root user of an account is what a statement for the account names, so it is allowed directly what others
// there need an identity policy for. To list that as something more would print each delegated action twice.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (t *table) rootBeyond(mine permissions, callerAt int, of scope, base permissions) permissions {
	return mine.where(func(_ Decision, i int, x *access) bool {
		for _, d := range []Decision{Allowed, NeedsIdentityPolicy} {
			if y := base.of(d, i); y != nil && len(y.total) > 0 && t.among(x.contexts, t.worded(base.callerAt, "", y.total, t.s.key(y.total), i), callerAt, i) &&
				t.deniedLike(x, callerAt, y, base.callerAt, i) && !t.excepted(callerAt, of, t.wordingOf(base.callerAt, d, y, i), i) {
				return false
			}
		}
		return true
	})
}

// excepted reports whether a row about many has an exception that takes in a caller, by its words, beside the caller itself.
func (t *table) excepted(callerAt int, of scope, said wording, action int) bool {
	return slices.ContainsFunc(t.takersOf(callerAt), func(i int) bool {
		w := t.wide[i]
		return t.extent(said, w.at, action) != hasAll && t.takes(of, w.at)
	})
}

// takersOf are the callers about many whose rows take in a caller, beside itself, by their place among the wide ones.
func (t *table) takersOf(callerAt int) []int {
	list, ok := t.takers[callerAt]
	if ok {
		return list
	}
	t.s.meter.Take(boxes.StepBox * len(t.wide))
	for i, w := range t.wide {
		if w.at != callerAt && t.taken(w.scope).Has(callerAt) {
			list = append(list, i)
		}
	}
	t.takers[callerAt] = list
	return list
}

// beyondAccounts is what a caller may do beyond what all of accounts may that a pattern takes in, as it does the caller's.
func (t *table) beyondAccounts(mine permissions, callerAt int) permissions {
	c := &t.s.callers[callerAt]
	if len(t.s.naming.accountPatterns) == 0 {
		return mine
	}
	for _, account := range sortedKeys(t.base) {
		pattern := t.s.accountPattern(account)
		if of := (scope{kind: "account", accounts: pattern}); pattern != "" && !t.s.naming.accounts[account] && account != c.account &&
			pattern != t.s.accountPattern(c.account) && t.taken(of).Has(callerAt) {
			mine = t.beyond(mine, callerAt, of, t.base[account])
		}
	}
	return mine
}

// beyondAll is what a caller may do beyond what all of its account may, and anyone, and all of the accounts of a pattern.
func (t *table) beyondAll(mine permissions, callerAt int) permissions {
	account := t.s.callers[callerAt].account
	mine = t.beyond(mine, callerAt, scope{kind: "account", accounts: account}, t.ofAccount(account))
	return t.beyondAccounts(t.beyond(mine, callerAt, scope{kind: "anyone"}, t.anyone), callerAt)
}

// beyondPatterns is what a caller that is named by a pattern may do beyond what rows about others say that take it in.
func (t *table) beyondPatterns(mine permissions, callerAt int, sub subject) permissions {
	for _, i := range t.takersOf(callerAt) {
		if w := t.wide[i]; w.sub.pattern && w.sub != sub {
			mine = t.beyond(mine, callerAt, w.scope, t.ofPattern(w))
		}
	}
	return mine
}

// ofPattern is what the row about callers of a pattern says: nothing of what rows about more callers say already. These can have
// an exception that takes in others of the pattern, of whom then no row would speak.
func (t *table) ofPattern(w wideCaller) permissions {
	known, ok := t.left[w.at]
	if !ok {
		t.left[w.at] = nothing() // while it is looked for it says nothing
		known = t.beyondPatterns(t.beyondAll(t.reaches[w.at], w.at), w.at, w.sub)
		t.left[w.at] = known
	}
	return known
}
