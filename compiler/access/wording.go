package access

import (
	"slices"
	"strings"
)

// wording is contexts with the words that a row has for them. Under a variable of the caller, such as ${aws:username}, the same
// words mean other contexts for each of those whom a row is about.
// So whether another caller has what a row says is asked of the words, and not of the contexts of the caller for whom they
// were found: those of bob hold nothing that alice has, and both have what the row says.
type wording struct {
	contexts []projection
	id       int         // of the contexts
	words    *Conditions // nil where they mean the same contexts for every caller
}

// saying is what a wording is asked for by: contexts of a caller that are said of an action.
type saying struct {
	key          string
	peers        Decision // with whom the words are shared: those who have it at this decision; "" is none
	from, action int
}

// wordingOf are the words for contexts of an action that a caller has at a decision.
func (t *table) wordingOf(from int, d Decision, x *access, action int) wording {
	return t.worded(from, d, x.contexts, x.key, action)
}

func (t *table) worded(from int, peers Decision, contexts []projection, key string, action int) wording {
	if !t.varies {
		return wording{contexts: contexts, id: t.s.keyID(key)}
	}
	asked := saying{key, peers, from, action}
	w, ok := t.wordings[asked]
	if !ok {
		var others map[int][]projection
		if peers != "" {
			others = t.companyOf(from).contexts(peers, action)
		}
		w = wording{contexts: contexts, id: t.s.keyID(key), words: t.s.describeFor(contexts, key, from, action, others).ofCaller()}
		t.wordings[asked] = w
	}
	return w
}

// ofCaller are the words where they mean other contexts for each caller, or nil.
func (c Conditions) ofCaller() *Conditions {
	if c.varyByCaller() {
		return &c
	}
	return nil
}

// companyOf are the callers who share the words of a caller's rows.
func (t *table) companyOf(callerAt int) *company {
	c := &t.s.callers[callerAt]
	if !t.varies || !t.s.isUnnamed(c) && !t.s.isGeneric(c) && !t.s.isGenericFederated(c) {
		return nil
	}
	list, ok := t.companies[callerAt]
	if !ok {
		list = t.s.peersOf(callerAt, func(callerAt int) permissions { return t.reaches[callerAt] })
		t.companies[callerAt] = list
	}
	return list
}

// varyByCaller reports whether the words are about who the caller is.
func (c Conditions) varyByCaller() bool {
	for _, entry := range c.AnyOf {
		for key, constraint := range entry {
			if isCallerKey(strings.ToLower(key)) {
				return true
			}
			for _, part := range constraint.comparisons() {
				for _, text := range part.Values {
					pieces, _ := parsePieces(text)
					if slices.ContainsFunc(pieces, func(p piece) bool { return isCallerKey(p.variable) }) {
						return true
					}
				}
			}
		}
	}
	return false
}

// comparisons are all of a constraint on a key that is present.
func (c Constraint) comparisons() []Comparison {
	return slices.Concat([]Comparison{c.Comparison}, c.And, c.Not)
}

// among reports whether a caller's contexts of an action are all among those that a wording gives it.
func (t *table) among(list []projection, of wording, callerAt, action int) bool {
	d := t.s.describer(callerAt, t.s.sentBy(callerAt, action))
	if said, ok := t.read(d, of, action); ok {
		return d.among(d.points(list), said, action)
	}
	return t.s.covered(list, of.contexts, t.s.possible(callerAt, action))
}

// has reports whether a caller has all contexts of an action that a wording gives it, given those that it has.
func (t *table) has(of wording, total []projection, callerAt, action int) bool {
	d := t.s.describer(callerAt, t.s.sentBy(callerAt, action))
	if said, ok := t.read(d, of, action); ok {
		return d.among(said, d.points(total), action)
	}
	return t.s.covered(of.contexts, total, t.s.possible(callerAt, action))
}

// within reports whether what a wording says of a caller takes in what another has: the same, or more where neither is denied
// anything that the other is not.
func (t *table) within(x *access, callerAt int, said wording, y *access, of, action int) bool {
	if said.words == nil && x.id == y.id || x == y && callerAt == of {
		return true
	}
	return t.among(x.contexts, said, callerAt, action) && t.deniedLike(x, callerAt, y, of, action)
}

// deniedLike reports whether another caller is denied the action in the same contexts.
func (t *table) deniedLike(x *access, callerAt int, y *access, of, action int) bool {
	if t.varies && len(y.denied) > 0 {
		if said := t.worded(of, "", y.denied, t.s.key(y.denied), action); said.words != nil {
			return t.among(x.denied, said, callerAt, action) && t.has(said, x.denied, callerAt, action)
		}
	}
	return t.s.covered(x.denied, y.denied, x.can) && t.s.covered(y.denied, x.denied, y.can)
}

// alike reports whether another caller has what a wording says of one, and nothing beside.
func (t *table) alike(said wording, x, y *access, callerAt, action int) bool {
	if said.words == nil {
		return x.id == y.id || t.s.covered(x.contexts, y.contexts, x.can) && t.s.covered(y.contexts, x.contexts, y.can)
	}
	return t.among(y.contexts, said, callerAt, action) && t.has(said, y.contexts, callerAt, action)
}

// reading is what words mean to a caller, by what it can send.
type reading struct {
	words          string
	callerAt, sent int
}

// read gives the contexts that a wording means for a describer's caller; false where they are the wording's own, or cannot be read.
func (t *table) read(d *describer, w wording, action int) ([]alternative, bool) {
	if w.words == nil {
		return nil, false
	}
	sent := t.s.sentBy(d.callerAt, action)
	at := reading{w.words.id(), d.callerAt, sent.id}
	list, known := t.readings[at]
	if !known {
		list = d.read(w.words)
		t.readings[at] = list
	}
	return list, list != nil
}
