package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// table is what callers of a space may do, for rows of a report that say it of each or of many of them.
type table struct {
	s       *space
	r       *compiledPolicy
	reaches []permissions          // by caller; nil of those who are not asked for
	class   []int                  // of each caller; those of one class are in the same boxes, so they have one reach
	base    map[string]permissions // of an account, what all of it may do
	whole   map[string]permissions // of an account, what the row about all of it says
	fresh   string                 // an account that nothing names
	anyone  permissions            // what all of it may do
	wide    []wideCaller
	lessers map[lesser]extent
	takers  map[int][]int       // by caller, the wide ones whose rows take it in, by index
	left    map[int]permissions // what rows about callers of patterns say
}

// wideCaller is a caller whose own row is about many, in whose name an exception takes in whomever the words do.
type wideCaller struct {
	at    int
	sub   subject
	scope scope
}

// lesser is a question: does who has some access have less than a row says? The requests that they can send count too.
type lesser struct {
	contexts int // of the row, see access
	theirs   *access
	sent     int
}

// extent is how much a caller has of what a row about many says of one action. Who has less, or none of it, is an exception of the row.
type extent uint8

const (
	hasAll extent = iota + 1
	hasLess
	hasNone
)

// newTable is empty: fill and prepare are called before it is asked.
func (s *space) newTable(r *compiledPolicy) *table {
	return &table{s: s, r: r, reaches: make([]permissions, len(s.callers)), class: make([]int, len(s.callers)), lessers: map[lesser]extent{}, takers: map[int][]int{}, left: map[int]permissions{}}
}

// fill finds what callers may do. Those of one class are in the same boxes of every statement, so the first of them is asked for all.
func (t *table) fill(classes [][]int, reach func(callerAt int) permissions) {
	for _, class := range classes {
		first := reach(class[0])
		for _, i := range class {
			t.reaches[i], t.class[i] = first, class[0]
		}
	}
}

// prepare finds what all of an account may do, and the callers whose rows are about many.
func (t *table) prepare() {
	t.base, t.whole = map[string]permissions{}, map[string]permissions{}
	for i, mine := range t.reaches {
		if !mine.asked() {
			continue
		}
		if c := &t.s.callers[i]; t.s.isGeneric(c) {
			if b, ok := t.base[c.account]; ok {
				mine = common(b, mine)
			}
			t.base[c.account] = mine
		}
		sub := t.named(i)
		if of, ok := scopeOf(sub); ok && sub.shown {
			t.wide = append(t.wide, wideCaller{i, sub, of})
		}
	}
	t.fresh = freshAccount(t.s.accountList())
	t.anyone = t.base[t.fresh]
}

// named is how an exception names a caller. Whom nothing names is one of a kind in an account.
func (t *table) named(i int) subject {
	c := &t.s.callers[i]
	if c.kind == callerRoot || t.s.isGeneric(c) || t.s.isGenericFederated(c) {
		return t.s.kindSubject(c)
	}
	return t.s.subjectOf(c)
}

// extent says how much of what a row says a caller has.
func (t *table) extent(x *access, callerAt, action int) extent {
	theirs := t.reaches[callerAt]
	y := theirs.of(NeedsIdentityPolicy, action)
	if y == nil {
		y = theirs.of(Allowed, action)
	}
	sent := t.s.sentBy(callerAt, action)
	key := lesser{x.id, y, sent.id}
	out, ok := t.lessers[key]
	if ok {
		return out
	}
	var total []projection
	if y != nil {
		total = y.total
	}
	switch {
	case t.s.covered(x.contexts, total, sent.can):
		out = hasAll
	case y != nil:
		out = hasLess
	default:
		out = hasNone
	}
	t.lessers[key] = out
	return out
}

// beyond is what a caller may do that no row about many says of it.
// A row does not speak for a caller whom one of its exceptions takes in: of "everybody but account 444455556666"
// nobody of the account is part, so a role there that gets in after all has a row of its own.
func (t *table) beyond(mine permissions, callerAt int, of scope, base permissions) permissions {
	return mine.where(func(d Decision, i int, x *access) bool {
		y := base.of(d, i)
		return y == nil || !x.within(y) || t.excepted(callerAt, of, y, i)
	})
}

// rootBeyond is what a root user may do beyond what others of an account may. What these need an identity policy for it
// does by itself, so decisions do not count; nor do contexts in which it never is.
// The root user of an account is what a statement for the account names, so it is allowed directly what others
// there need an identity policy for. To list that as something more would print each delegated action twice.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (t *table) rootBeyond(mine permissions, callerAt int, of scope, base permissions) permissions {
	return mine.where(func(_ Decision, i int, x *access) bool {
		for _, y := range []*access{base.of(Allowed, i), base.of(NeedsIdentityPolicy, i)} {
			if y != nil && len(y.total) > 0 && x.covers(y.total) && x.deniedLike(y) && !t.excepted(callerAt, of, y, i) {
				return false
			}
		}
		return true
	})
}

// excepted reports whether a row about many has an exception that takes in a caller, by its words, beside the caller itself.
func (t *table) excepted(callerAt int, of scope, x *access, action int) bool {
	return slices.ContainsFunc(t.takersOf(callerAt), func(i int) bool {
		w := t.wide[i]
		return t.extent(x, w.at, action) != hasAll && t.takes(of, w.at)
	})
}

// takersOf are the callers about many whose rows take in a caller, beside itself, by their place among the wide ones.
func (t *table) takersOf(callerAt int) []int {
	list, ok := t.takers[callerAt]
	if ok {
		return list
	}
	c := &t.s.callers[callerAt]
	t.s.meter.Take(boxes.StepBox * len(t.wide))
	for i, w := range t.wide {
		if w.at != callerAt && w.scope.takes(c) {
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
			pattern != t.s.accountPattern(c.account) && of.takes(c) {
			mine = t.beyond(mine, callerAt, of, t.base[account])
		}
	}
	return mine
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

// ofPattern is what the row about callers of a pattern says.
func (t *table) ofPattern(w wideCaller) permissions {
	known, ok := t.left[w.at]
	if !ok {
		t.left[w.at] = nothing() // while it is looked for it says nothing
		known = t.beyondPatterns(t.reaches[w.at], w.at, w.sub)
		t.left[w.at] = known
	}
	return known
}
