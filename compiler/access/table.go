package access

import "github.com/keypolicy/keypolicy/compiler/access/internal/boxes"

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
	scopes  map[scope]boxes.Set // callers that each takes in
	takers  map[int][]int       // by caller, the wide ones whose rows take it in, by index

	varies    bool // words of rows can mean other contexts for each caller
	wordings  map[saying]wording
	readings  map[reading][]alternative
	companies map[int]*company
	left      map[int]permissions // what rows about callers of patterns say
}

// wideCaller is a caller whose own row is about many, in whose name an exception takes in whomever the words do.
type wideCaller struct {
	at    int
	sub   subject
	scope scope
}

// lesser is a question: does who has some access have less than a row says? The requests that they can send count too.
type lesser struct {
	contexts int    // of the row, see access
	words    string // where they mean something else of each caller, and of whom
	callerAt int
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
	return &table{
		s: s, r: r, reaches: make([]permissions, len(s.callers)), class: make([]int, len(s.callers)), lessers: map[lesser]extent{}, scopes: map[scope]boxes.Set{}, takers: map[int][]int{}, left: map[int]permissions{},
		varies: s.variesByCaller(), wordings: map[saying]wording{}, readings: map[reading][]alternative{}, companies: map[int]*company{},
	}
}

// fill finds what callers may do. Those of one class are in the same boxes of every statement, so the first of them is asked for all.
func (t *table) fill(classes [][]int, reach func(callerAt int) permissions) {
	for _, class := range classes {
		first := reach(class[0])
		for _, i := range class {
			first.callerAt = i
			t.reaches[i], t.class[i] = first, class[0]
			if t.varies { // words can mean something else of each
				t.class[i] = i
			}
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
				mine = t.common(b, mine)
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
func (t *table) extent(said wording, callerAt, action int) extent {
	theirs := t.reaches[callerAt]
	y := theirs.of(NeedsIdentityPolicy, action)
	if y == nil {
		y = theirs.of(Allowed, action)
	}
	sent := t.s.sentBy(callerAt, action)
	key := lesser{contexts: said.id, theirs: y, sent: sent.id}
	if said.words != nil {
		key.words, key.callerAt = said.words.id(), callerAt
	}
	out, ok := t.lessers[key]
	if ok {
		return out
	}
	var total []projection
	if y != nil {
		total = y.total
	}
	switch {
	case t.has(said, total, callerAt, action):
		out = hasAll
	case y != nil:
		out = hasLess
	default:
		out = hasNone
	}
	t.lessers[key] = out
	return out
}
