package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// keyBuilders are the builders of some keys, by their lower-case names.
type keyBuilders map[string]*dimensionBuilder

// need is the builder of a key, nil of one that follows from the caller.
func (builders keyBuilders) need(name string) *dimensionBuilder {
	lower := dimensionKey(strings.ToLower(name))
	if isCallerKey(lower) {
		return nil
	}
	if builders[lower] == nil {
		if lower != strings.ToLower(name) {
			name = lower
		}
		builders[lower] = &dimensionBuilder{key: keyNamed(name)}
	}
	return builders[lower]
}

// collectKeys are the builders of every key that the policies look at, with what is asked of each.
func (s *space) collectKeys() keyBuilders {
	builders := keyBuilders{}
	s.conditions(func(_ *model, _ *statement, c *condition) { builders.need(c.key.name) }) // as policies spell it
	s.conditions(func(_ *model, _ *statement, c *condition) {
		for _, v := range c.variableNames() {
			builders.need(v)
		}
		b := builders.need(c.key.lower)
		if written, ok := c.written(); ok && b != nil {
			b.conds = append(b.conds, written)
		}
	})
	return builders
}

// buildDimensions chooses the classes of every key.
func (s *space) buildDimensions(builders keyBuilders) {
	need := builders.need
	s.conditions(func(_ *model, _ *statement, c *condition) {
		for _, v := range c.variableNames() {
			s.link(need(c.key.lower), need(v), v, c)
		}
	})
	if b := builders[keyTransport]; b != nil && b.tellsAbsence() {
		need(keyViaAWS) // which says whether it can be absent
	}
	if b := builders[keyCurrentTime]; b != nil && !s.env.Today.IsZero() {
		b.bounds = []float64{float64(s.env.Today.Unix())}
	}
	s.linkContextKeys(builders)
	if b := builders[keyUserID]; b != nil {
		b.domains = s.userIDs()
	}
	s.shareLinked(builders)
	s.orderBuilders(builders)
}

// written is the condition with those of its values that have no variable: they are alternatives to the others, and tell
// values of the key apart by themselves. It is false where every value has one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func (c *condition) written() (*condition, bool) {
	if len(c.variableNames()) == 0 {
		return c, true
	}
	part := *c
	part.values = slices.DeleteFunc(slices.Clone(c.values), func(v value) bool { return v.pieces != nil })
	return &part, len(part.values) > 0
}

// link makes a key able to have the values of a variable that it is compared with, and the other way round.
func (s *space) link(b, v *dimensionBuilder, name string, c *condition) {
	if b == nil {
		if v != nil { // a key of the caller compared with a variable: its values are the callers'
			for _, caller := range s.callers {
				v.extra = append(v.extra, callerValues(caller, c.key.lower)...)
			}
		}
		return
	}
	if v != nil {
		b.linked = append(b.linked, v.key.lower)
		v.linked = append(v.linked, b.key.lower)
		return
	}
	b.linked = append(b.linked, name)
	if st, _ := s.leafOf(b.key.lower); st != nil {
		return
	}
	for _, caller := range s.callers {
		for _, text := range callerValues(caller, name) {
			b.extra = append(b.extra, s.substitute(c, name, text)...)
		}
	}
}

func callerValues(c caller, lower string) []string {
	choices, _ := c.derived(lower)
	var list []string
	for _, values := range choices {
		list = append(list, values...)
	}
	return list
}

// substitute gives the values that a condition asks for where a variable has a value.
func (s *space) substitute(c *condition, name, text string) []string {
	var list []string
	for _, v := range c.values {
		chars, ok := resolvePieces(v.pieces, func(variable string) (string, bool) { return text, variable == name })
		if v.pieces == nil || !ok {
			continue
		}
		var b strings.Builder
		for _, ch := range chars {
			if !ch.Wild {
				b.WriteRune(ch.Rune)
			}
		}
		list = append(list, b.String())
	}
	return list
}

// userIDs are what aws:userid can be for the callers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (s *space) userIDs() []glob.Pattern {
	id := glob.Concat([]glob.Token{{Set: glob.CharsOf(letters)}}, glob.ZeroOrMore(letters+digits))
	list := []glob.Pattern{id, glob.Concat(id, glob.Exact(":"), glob.OneOrMore(nameChars))}
	seen := map[string]bool{}
	for i := range s.callers {
		c := &s.callers[i]
		var domain glob.Pattern
		text := ""
		switch {
		case c.kind == callerRoot:
			text = c.account
			domain = glob.Exact(text)
		case c.kind == callerFederated:
			text = c.account + ":" + c.name
			domain = glob.Exact(text)
		case c.kind == callerSession && !c.anySession:
			text = ":" + c.session
			domain = glob.Concat(id, glob.Exact(text))
		}
		if domain != nil && !seen[text] {
			seen[text] = true
			list = append(list, domain)
		}
	}
	return list
}

// linkContextKeys: which keys an encryption context has is what kms:EncryptionContextKeys says.
func (s *space) linkContextKeys(builders keyBuilders) {
	all := builders[keyEncryptionKeys]
	if all == nil {
		return
	}
	for lower := range builders {
		if name, ok := strings.CutPrefix(lower, encryptionPrefix); ok {
			all.extra = append(all.extra, spelled(s, lower, name))
		}
	}
	slices.Sort(all.extra)
	for _, name := range all.extra { // the name of a condition key counts in any case
		all.apart = append(all.apart, glob.Fold(name))
	}
}

// spelled is the context key as a policy spells it.
func spelled(s *space, lower, name string) string {
	found := name
	s.conditions(func(_ *model, _ *statement, c *condition) {
		if c.key.lower == lower {
			found = c.key.name[len(encryptionPrefix):]
		}
	})
	return found
}

// shareLinked gives keys that are linked, by others in between too, each other's conditions, so that they tell the same
// values apart.
func (s *space) shareLinked(builders keyBuilders) {
	done := map[string]bool{}
	for _, lower := range sortedKeys(builders) {
		if st, _ := s.leafOf(lower); done[lower] || len(builders[lower].linked) == 0 || st != nil || s.stars[lower] != nil {
			continue
		}
		keys := linkedKeys(lower, builders)
		var names []string // the linked keys of the callers too
		for _, key := range keys {
			done[key] = true
			names = append(names, key)
			names = append(names, builders[key].linked...)
		}
		slices.Sort(names)
		names = slices.Compact(names)
		var conds []*condition
		var extra []string
		for _, key := range keys {
			conds, extra = append(conds, builders[key].conds...), append(extra, builders[key].extra...)
		}
		for _, key := range keys {
			b := builders[key]
			s.meter.Take(boxes.StepBox * (len(conds) + len(extra) + len(names)))
			b.conds, b.extra = union(b.conds, conds), union(b.extra, extra)
			b.linked = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == key })
		}
	}
}

// linkedKeys are the keys that a key is linked with, and itself, sorted.
func linkedKeys(lower string, builders keyBuilders) []string {
	in := map[string]bool{lower: true}
	for rest := []string{lower}; len(rest) > 0; rest = rest[1:] {
		for _, other := range builders[rest[0]].linked {
			if builders[other] != nil && !in[other] {
				in[other] = true
				rest = append(rest, other)
			}
		}
	}
	return sortedKeys(in)
}

// union is a list and what another has beside it, each once.
func union[T comparable](list, other []T) []T {
	seen := map[T]bool{}
	var out []T
	for _, x := range slices.Concat(list, other) {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// orderBuilders builds the dimensions, each after the one whose ids its values must agree with.
func (s *space) orderBuilders(builders keyBuilders) {
	limit := s.env.Budget.classes()
	ids := map[string][]string{}
	var add func(lower string)
	add = func(lower string) {
		b := builders[lower]
		if b == nil {
			return
		}
		if _, done := s.index[lower]; done {
			return
		}
		if st, _ := s.leafOf(lower); st != nil {
			add(st.root)
		}
		s.tellRoot(b)
		whole := s.tellLeaf(b)
		if st, _ := s.leafOf(lower); st == nil {
			b.splits = append(b.splits, s.bounds(lower)...)
		}
		d := b.build(s, ids[lower], limit)
		d.exact = d.exact && whole
		if !d.exact {
			s.noteLimit("The conditions on " + d.key.name + " tell apart more values than keypolicy works out: write values where patterns can be replaced by them, or fewer patterns.")
		}
		s.index[lower] = dimKeys + len(s.dims)
		s.dims = append(s.dims, d)
		s.keysUsed = append(s.keysUsed, lower)
	}
	for _, c := range couples() {
		id, long := builders[c.id], builders[c.long]
		if long == nil || id == nil && !long.key.multi {
			continue
		}
		asked, ok := c.ids(id, long)
		if !ok {
			continue
		}
		if id == nil { // all values of one request hold the same id
			ids[c.long], _ = glob.Search{Limit: limit, Meter: s.meter}.Representatives(domainOf(keyNamed(c.id)), asked, nil, 1)
			ids[c.long] = realOrganizations(ids[c.long], asked)
			continue
		}
		id.extra = append(id.extra, asked...)
		for _, text := range asked {
			id.apart = append(id.apart, glob.Exact(text))
		}
		add(c.id)
		d := s.dim(c.id)
		for i := range d.classes[1:] {
			a := &d.classes[i+1]
			a.tag = a.values[0]
			ids[c.long] = append(ids[c.long], a.tag)
		}
	}
	for _, lower := range sortedKeys(builders) {
		add(lower)
	}
}

func (s *space) dim(lower string) *dimension {
	if i, ok := s.index[lower]; ok {
		return s.dims[i-dimKeys]
	}
	return nil
}
