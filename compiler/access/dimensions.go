package access

import (
	"slices"
	"strings"

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
// The order matters: links first, as a variable makes two keys distinguish each other's values; then what other
// keys need to be there (aws:ViaAWSService for aws:SecureTransport); then classes, each dimension after the one
// that its values have to agree with.
func (s *space) buildDimensions(builders keyBuilders) {
	need := builders.need
	s.conditions(func(_ *model, _ *statement, c *condition) {
		for _, v := range c.variableNames() {
			s.link(need(c.key.lower), need(v), v, c)
		}
	})
	if b := builders[keyTransport]; b != nil && b.distinguishesAbsence() {
		need(keyViaAWS) // which reports whether it can be absent
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

// written is the condition with those of its values that have no variable: they are alternatives to the others, and distinguish
// values of the key apart by themselves. It is false where every value has one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func (c *condition) written() (*condition, bool) {
	if len(c.variableNames()) == 0 {
		return c, true
	}
	part := *c
	part.literals, part.variables = nil, nil
	part.values = slices.DeleteFunc(slices.Clone(c.values), func(v value) bool { return v.pieces != nil })
	return &part, len(part.values) > 0
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
// Where a condition is on the long key only, the id key is not in the space and its values are still what the long
// ones are cut by: several paths of one request are all in one organization.
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
		s.splitRoot(b)
		whole := s.splitLeaf(b)
		if st, _ := s.leafOf(lower); st == nil {
			b.splits = append(b.splits, s.bounds(lower)...)
		}
		d := b.build(s, ids[lower], limit)
		d.exact = d.exact && whole
		if !d.exact {
			s.noteLimit("The conditions on " + d.key.name + " distinguish more values than keypolicy can analyse: replace patterns by values where possible, or use fewer patterns.")
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
