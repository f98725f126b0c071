package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// maxSplits bounds the values that variables of one condition are tried with.
const maxSplits = 400

// split compiles a condition with variables: a box for every value that they can have, in which the condition is one
// without variables.
// A variable makes the condition a relation of two keys, and a box has one set for each. The relation is the
// union, over the values of the variable, of "the variable has this value and the key is what the condition then
// asks": each is a box.
func (c *compiler) split(cond *condition) {
	names := cond.variableNames()
	slices.Sort(names)
	names = slices.Compact(names)
	groups := []boxes.Box{make(boxes.Box, dimKeys+len(c.s.dims))}
	onCaller := isCallerKey(cond.key.lower)
	if onCaller || slices.ContainsFunc(names, isCallerKey) {
		groups = c.callerGroups(names, cond, groups[0])
	}
	for _, name := range names {
		if isCallerKey(name) || dimensionKey(name) == dimensionKey(cond.key.lower) {
			continue
		}
		dim := c.s.index[dimensionKey(name)]
		var next []boxes.Box
		for _, g := range groups {
			for i := range c.s.dims[dim-dimKeys].classes {
				one := boxes.NewSet(c.s.sizes[dim])
				one.Add(i)
				next = c.s.keep(next, g.With(dim, one))
			}
		}
		groups = next
	}
	if len(groups) > maxSplits {
		c.s.noteLimit(cond.where + ": the variables in " + cond.text + " on " + cond.key.name + " can have more values than keypolicy can analyse: compare with fewer keys, or write the values.")
		*c.exact = false
		for v := range approximations {
			var all []boxes.Box
			if v == repMay || v == classMay {
				all = []boxes.Box{make(boxes.Box, dimKeys+len(c.s.dims))}
			}
			c.perSplit[v] = append(c.perSplit[v], all)
		}
		return
	}
	c.splitGroups(cond, groups, c.splitExact(cond, names))
}

// callerGroups are the callers by what the condition sees of them.
func (c *compiler) callerGroups(names []string, cond *condition, all boxes.Box) []boxes.Box {
	index := map[string]int{}
	var list []boxes.Box
	for i := range c.s.callers {
		who := c.s.callers[i]
		c.s.meter.Take(stepRequest)
		if t, _ := c.callerMatch(i, delegated); t == no {
			continue // the statement is about others
		}
		key := ""
		for _, name := range append(slices.Clone(names), cond.key.lower) {
			if isCallerKey(name) {
				for _, v := range callerValues(who, name) {
					key += v + "\x00"
				}
				key += "\x01"
			}
		}
		at, ok := index[key]
		if !ok {
			at = len(list)
			index[key] = at
			list = append(list, all.With(dimCaller, boxes.NewSet(len(c.s.callers))))
		}
		list[at][dimCaller].Add(i)
	}
	return list
}

// splitExact reports whether the values that the classes represent relate to each other as the classes do: so it is for whole
// values that are compared for being the same, between keys that are distinguished alike and have values of one form.
// Equality of representatives speaks for equality of all members only if both keys have the same classes, and only
// for equality: that one representative begins with another says nothing of the rest of their classes.
func (c *compiler) splitExact(cond *condition, names []string) bool {
	if st, _ := c.s.leafOf(dimensionKey(cond.key.lower)); st != nil {
		root := c.s.dim(st.root)
		return c.s.dim(dimensionKey(cond.key.lower)).exact && (root == nil && c.s.exact || root != nil && root.exact)
	}
	if cond.op.set != plain || cond.key.multi || cond.op.family != familyString || cond.op.compare == compareFold || isCallerKey(cond.key.lower) || len(names) > 1 {
		return false
	}
	for _, v := range cond.values {
		if v.pieces != nil && (len(v.pieces) != 1 || v.pieces[0].fallback != nil) {
			return false
		}
	}
	d := c.s.dims[c.s.index[dimensionKey(cond.key.lower)]-dimKeys]
	if !d.exact || d.key.values != nil || c.m.pinned(d.key.lower) != "" {
		return d.key.values != nil && !isCallerKey(names[0])
	}
	switch facts.KeySays(names[0]) {
	case facts.CallerName:
		return c.s.exact
	case facts.CallerAccount:
		for _, o := range d.conds {
			for _, v := range o.values {
				if v.pat != nil {
					return false
				}
			}
		}
		return c.s.exact
	}
	if isCallerKey(names[0]) {
		return false
	}
	other := c.s.dims[c.s.index[dimensionKey(names[0])]-dimKeys]
	return other.exact && other.key.values == nil && !other.key.multi && c.m.pinned(other.key.lower) == "" && c.m.domainOf(d.key).Key() == c.m.domainOf(other.key).Key()
}

// obstacle says why a condition with variables is not worked out, and what would be.
func (c *compiler) obstacle(cond *condition) string {
	key, names := cond.key.name, variablesOf(cond)
	why, instead := "", ""
	others := false // conditions that compare the key, or the variable, with other variables
	c.s.conditions(func(_ *model, _ *statement, o *condition) {
		list := variablesOf(o)
		same := slices.Equal(list, names) && o.key.lower == cond.key.lower
		others = others || !same && len(list) > 0 && (slices.Contains(names, dimensionKey(o.key.lower)) || slices.Contains(list, dimensionKey(cond.key.lower)) || o.key.lower == cond.key.lower || slices.ContainsFunc(list, func(n string) bool { return slices.Contains(names, n) }))
	})
	wildBefore := slices.ContainsFunc(cond.values, func(v value) bool {
		return len(v.pieces) > 0 && v.pieces[0].variable == "" && !v.pieces[0].escaped && strings.ContainsAny(v.pieces[0].text, "*?")
	})
	switch {
	case len(names) > 1:
		why, instead = "its values have several variables", "use one variable, or a condition for each"
	case cond.op.set != plain || cond.key.multi:
		why, instead = "each of several values is compared with a variable", "compare a key of one value, or write the values"
	case isCallerKey(cond.key.lower):
		why, instead = "the caller is compared with a variable", "write the callers, with wildcards"
	case wildBefore:
		why, instead = "a wildcard comes before the variable", "begin the value with the variable or with a text"
	case others:
		why, instead = "the key and the variable are compared with others too, in other ways", "compare whole values under StringEquals, or one key with one variable"
	case cond.op.compare == compareFold:
		why, instead = "other conditions ask for values of the key, and it ignores case", "use StringEquals"
	default:
		why, instead = "the key or the variable has values of its own kind", "compare whole values under StringEquals, or write the values"
	}
	return cond.where + ": what " + cond.text + " says of " + key + " is not analysed, as " + why + ": " + instead + "."
}

func (c *compiler) splitGroups(cond *condition, groups []boxes.Box, exact bool) {
	if !exact {
		*c.exact = false
		c.s.noteLimit(c.obstacle(cond))
	}
	var out [approximations][]boxes.Box
	bound, names := cond.bounded(), variablesOf(cond)
	for _, g := range groups {
		r := c.s.example(g)
		if isCallerKey(cond.key.lower) {
			t, sure := cond.eval(r), exact
			if bound != nil && bound.eval(r) == truth(cond.op.negated) {
				t, sure = truth(cond.op.negated), c.s.exact
			}
			for v := range approximations {
				if v.takes(t, sure) {
					out[v] = append(out[v], g)
				}
			}
			continue
		}
		dim := c.s.index[dimensionKey(cond.key.lower)]
		d := c.s.dims[dim-dimKeys]
		var sets [approximations]boxes.Set
		for v := range approximations {
			sets[v] = boxes.NewSet(len(d.classes))
		}
		with := func(a class) *request { return c.s.withKey(r, d, a) }
		if !slices.Contains(names, dimensionKey(cond.key.lower)) { // a variable is looked up by its own key only
			r.ones = map[string]tri{}
			with = func(class) *request { return r }
		}
		for i, a := range d.classes {
			c.s.meter.Take(stepRequest + 4*cond.steps() + len(a.values))
			t, sure := cond.evalValues(a.values, with(a)), exact || a.values == nil
			if !sure && cond.settles(bound, a.values) {
				t, sure = truth(cond.op.negated), d.exact
			}
			if t == maybe {
				c.s.note(cond.reason())
				*c.exact = false
			}
			for v := range approximations {
				if v.takes(t, sure) {
					sets[v].Add(i)
				}
			}
		}
		for v := range approximations {
			if !sets[v].Empty() {
				out[v] = c.s.keep(out[v], g.With(dim, sets[v].Whole(len(d.classes))))
			}
		}
	}
	for v := range approximations {
		c.perSplit[v] = append(c.perSplit[v], out[v])
	}
}

// example is a request of a box of single classes, as far as it says.
func (s *space) example(b boxes.Box) *request {
	r := &request{ctx: map[string][]string{}}
	if b[dimCaller] != nil {
		r.caller = s.callers[b[dimCaller].First()]
	}
	for i, d := range s.dims {
		if set := b[dimKeys+i]; set != nil {
			if values := d.classes[set.First()].values; values != nil {
				r.ctx[d.key.lower] = values
			}
		}
	}
	return r
}

func (s *space) withKey(r *request, d *dimension, a class) *request {
	out := *r
	out.ctx = map[string][]string{}
	maps.Copy(out.ctx, r.ctx)
	if a.values != nil {
		out.ctx[d.key.lower] = a.values
	}
	return &out
}
