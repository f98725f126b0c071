package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// A template is a condition value with one variable inside: a text before it, and a text or a pattern after it. Keys that are
// compared with templates of one variable are decided by values of that variable: one for each way in which the
// texts that begin with it can match what else is asked of the keys. Each such value makes of the template a pattern
// that distinguish the key's values.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

// template is one value of a condition as a function of a variable.
// Only a fixed text may come before the variable: then its value begins at one place in the text of the key. With
// a wildcard in front it could begin anywhere, and the values would not be distinguishable by one run.
type template struct {
	op     operator
	pieces []piece
	before string       // the text before the variable
	after  glob.Pattern // what follows it
}

// leafOf is what a key is compared with in its star, nil where it is in none.
func (s *space) leafOf(lower string) (*star, *starLeaf) {
	for _, st := range s.stars {
		if leaf := st.leaves[lower]; leaf != nil {
			return st, leaf
		}
	}
	return nil, nil
}

// splitCallers makes the callers come in all ways that the stars of a name or an account of theirs distinguish.
func (s *space) splitCallers(set *callerSet) {
	for _, root := range sortedKeys(s.stars) {
		if !isCallerKey(root) {
			continue
		}
		literals, patterns := s.stars[root].distinguished(s.meter)
		if root == keyUserName {
			set.names, set.nameGlobs = append(set.names, literals...), append(set.nameGlobs, longer(patterns)...)
			continue
		}
		for _, text := range literals {
			set.addAccount(text)
		}
		set.accGlobs = append(set.accGlobs, patterns...)
	}
}

// splitRoot makes a variable's own key come in all ways that its star distinguishes.
func (s *space) splitRoot(b *dimensionBuilder) {
	st := s.stars[b.key.lower]
	if st == nil {
		return
	}
	literals, patterns := st.distinguished(s.meter)
	b.known, b.splits, b.empty, b.per = append(b.known, literals...), append(b.splits, patterns...), true, starValues
}

// splitLeaf makes a key that is compared with templates come in all ways that the variable's values distinguish. It is false
// where these are too many.
func (s *space) splitLeaf(b *dimensionBuilder) (exact bool) {
	st, leaf := s.leafOf(b.key.lower)
	if st == nil {
		return true
	}
	b.per = 1
	var values []string
	if d := s.dim(st.root); d != nil {
		for _, a := range d.classes {
			values = append(values, a.values...)
		}
	}
	for i := range s.callers {
		if isCallerKey(st.root) {
			values = append(values, callerValues(s.callers[i], st.root)...)
		}
	}
	for _, t := range leaf.templates {
		for _, p := range t.pieces {
			if p.fallback != nil {
				values = append(values, *p.fallback)
			}
		}
	}
	return leaf.fill(b, values)
}

// findStars finds the stars among the keys that conditions with variables link, by their root.
func (s *space) findStars(builders keyBuilders) map[string]*star {
	stars, bad := map[string]*star{}, map[string]bool{}
	roots := map[string]string{}      // of each key with templates
	whole := map[string]bool{}        // roots all of whose templates are the variable itself: see shareLinked
	spoil := func(lowers ...string) { // what cannot be of a star, and so neither what it is linked with
		for _, lower := range lowers {
			bad[lower] = true
		}
	}
	s.conditions(func(_ *model, _ *statement, c *condition) {
		names := variablesOf(c)
		if len(names) == 0 {
			return
		}
		key := dimensionKey(c.key.lower)
		root := names[0]
		if len(names) > 1 || isCallerKey(key) {
			spoil(append(names, key)...)
			return
		}
		if other, ok := roots[key]; ok && other != root {
			spoil(key, other, root)
			return
		}
		roots[key] = root
		st := stars[root]
		if st == nil {
			st = &star{root: root, leaves: map[string]*starLeaf{}}
			stars[root], whole[root] = st, true
		}
		if st.leaves[key] == nil {
			st.leaves[key] = &starLeaf{}
		}
		leaf := st.leaves[key]
		for i := range c.values {
			v := &c.values[i]
			if v.pieces == nil {
				continue
			}
			t, ok := templateOf(c, v)
			if !ok || len(leaf.templates) > 0 && leaf.templates[0].before != t.before {
				spoil(key, root)
				return
			}
			whole[root] = whole[root] && len(v.pieces) == 1 && v.pieces[0].fallback == nil && c.op.compare == compareEquals
			leaf.templates = append(leaf.templates, t)
		}
	})
	for root, st := range stars {
		ok := !whole[root] && !bad[root] && roots[root] == "" && s.canBeRoot(root, builders[root])
		for key, leaf := range st.leaves {
			ok = ok && !bad[key] && stars[key] == nil && canBeLeaf(builders[key]) && leaf.collect(builders[key], s.models[0])
		}
		if !ok {
			delete(stars, root)
		}
	}
	return stars
}

// variablesOf lists the variables of a condition's values, each once.
func variablesOf(c *condition) []string {
	names := c.variableNames()
	for i := range names {
		names[i] = dimensionKey(names[i])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// hasNoColon reports whether no value of a variable moves what follows it to another part of an ARN.
func hasNoColon(variable string) bool {
	says := facts.KeySays(variable)
	return says == facts.CallerAccount || says == facts.CallerName
}

// canBeRoot reports whether the values of a variable can be distinguished by what follows from them.
func (s *space) canBeRoot(root string, b *dimensionBuilder) bool {
	return hasNoColon(root) || b != nil && b.isText(s.models[0]) && !b.key.multi && textOnly(b.conds)
}

func canBeLeaf(b *dimensionBuilder) bool {
	if b == nil || b.key.values != nil || b.key.multi || b.key.typ != "String" && b.key.typ != "ARN" {
		return false
	}
	for _, c := range couples() {
		if c.id == b.key.lower || c.long == b.key.lower {
			return false
		}
	}
	return !slices.ContainsFunc(b.conds, func(c *condition) bool {
		return c.op.family != familyString && c.op.family != familyARN && c.op.family != familyNull && c.op.family != familyBool
	})
}

// isText reports whether the key can have any text of a form.
func (b *dimensionBuilder) isText(m *model) bool {
	return b.key.known && b.key.typ == "String" && b.key.values == nil && m.pinned(b.key.lower) == ""
}

// templateOf is a value as a template; ok is false where it is none.
func templateOf(c *condition, v *value) (t template, ok bool) {
	t = template{op: c.op, pieces: v.pieces}
	at := slices.IndexFunc(v.pieces, func(p piece) bool { return p.variable != "" })
	if c.op.set != plain || c.key.multi || c.op.family != familyString && c.op.family != familyARN {
		return t, false
	}
	before, _ := resolvePieces(v.pieces[:at], nil)
	for _, ch := range before {
		if ch.Wild && (c.op.compare == compareLike || c.op.family == familyARN) {
			return t, false
		}
		t.before += string(ch.Rune)
	}
	rest := v.pieces[at+1:]
	if slices.ContainsFunc(rest, func(p piece) bool { return p.variable != "" }) {
		return t, false
	}
	after, _ := resolvePieces(rest, nil)
	if c.op.family == familyARN { // a variable that has a colon would move what follows to another part
		whole := arnPattern(append(slices.Clone(before), after...))
		if whole == nil || arnPattern(before) == nil && !hasNoColon(v.pieces[at].variable) {
			return t, false
		}
		t.after = whole[len(before):]
		return t, true
	}
	t.after = textPattern(c.op, after)
	return t, true
}

// resolve is the pattern that the template is for a value of its variable; nil where it is none.
func (t template) resolve(text string) glob.Pattern {
	var chars []glob.Char
	for _, p := range t.pieces {
		switch {
		case p.variable != "":
			chars = append(chars, literalChars(text)...)
		case p.escaped:
			chars = append(chars, literalChars(p.text)...)
		default:
			chars = append(chars, glob.Chars(p.text)...)
		}
	}
	return textPattern(t.op, chars)
}
