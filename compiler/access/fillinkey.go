package access

import (
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// maxKeyStates bounds the search for the values of one property of the KMS key, and for sets of them.
const maxKeyStates = 500

// fillKey adds what the KMS key is. Its properties are in each request for it, whoever asks, and the policy does not say
// what they are: where they are neither known nor given, they are open.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
// https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
// "Open" is one value out of a few, and not none: conditions are evaluated with each, and only where all agree is
// the decision known. That a tag is absent is one of the possibilities, and for kms:ResourceAliases that there is
// no alias.
func (m *model) fillKey(r *request) {
	for _, lower := range m.lookedAt() {
		k, says := m.key(lower), facts.KeySays(lower)
		if !k.known || r.gives(lower) || !says.OfResource() && says != facts.RequestRegion || !k.on(r.action) {
			continue
		}
		if pinned := m.pinned(lower); pinned != "" {
			if !r.action.future {
				r.ctx[lower] = []string{pinned}
			}
			continue
		}
		if says == facts.ResourceMultiRegionType && m.env.MultiRegion != nil && !*m.env.MultiRegion {
			r.ctx[lower] = []string{}
			continue
		}
		if given := sameAsGiven(r, lower); given != nil {
			r.ctx[lower] = given
			continue
		}
		r.count(m.stepsOfRequest())
		choices := m.choices(r, k, !k.always || r.action.future)
		r.leaveOpen(lower, choices.list)
		if r.kept == nil {
			r.kept = map[string]int{}
		}
		r.kept[lower] = choices.id
	}
}

// sameAsGiven is what a request gives for another name of a property, nil where it gives none. Tags have names of their own.
func sameAsGiven(r *request, lower string) []string {
	for _, other := range facts.KeysSaying(facts.KeySays(lower)) {
		if values := r.ctx[other]; other != lower && len(values) > 0 && facts.KeySays(lower) != facts.ResourceTag {
			return values
		}
	}
	return nil
}

// choices are values of a property for each way in which a statement's conditions on it can turn out.
// It is the same idea as the classes of the space, for one request: values that no condition distinguishes need
// not be tried twice. They rest on nothing of the request but what it has of the keys that the conditions compare with this one, so
// requests with the same of these have the same choices.
func (m *model) choices(r *request, k conditionKey, absent bool) keptChoices {
	key := m.comparedWith(r, k)
	if absent {
		key += "\x00"
	}
	found, ok := m.kept[key]
	if !ok {
		if found.list = m.findChoices(r, k); absent {
			found.list = append([][]string{nil}, found.list...)
		}
		found.id = len(m.kept) + 1
		if m.kept == nil {
			m.kept = map[string]keptChoices{}
		}
		m.kept[key] = found
	}
	return found
}

// keptChoices are the choices of a key with their number in the model.
type keptChoices struct {
	id   int
	list [][]string
}

// comparedWith writes what a request has of the keys that conditions compare with a property.
func (m *model) comparedWith(r *request, k conditionKey) string {
	var names []string
	for i := range m.statements {
		for j := range m.statements[i].conditions {
			c := &m.statements[i].conditions[j]
			if variables := c.variableNames(); c.key.lower == k.lower || slices.Contains(variables, k.lower) {
				names = append(append(names, c.key.lower), variables...)
			}
		}
	}
	slices.Sort(names)
	text := k.lower
	for _, name := range slices.Compact(names) {
		text += fmt.Sprintf("\x00%s%q", name, r.lookup(name))
	}
	return text
}

func (m *model) findChoices(r *request, k conditionKey) [][]string {
	list := k.values
	if list == nil {
		list = m.valuesAskedFor(r, k)
	}
	var singles [][]string
	for _, value := range list {
		singles = append(singles, []string{value})
	}
	if !k.multi {
		return singles
	}
	all := slices.Clone(singles)
	for i := range m.statements {
		all = append(all, m.statements[i].setsOf(r, k, list)...)
	}
	return all
}

// valuesAskedFor are values of a property that the policy's conditions distinguish.
func (m *model) valuesAskedFor(r *request, k conditionKey) []string {
	var literals []string
	var patterns []glob.Pattern
	for i := range m.statements {
		for j := range m.statements[i].conditions {
			c := &m.statements[i].conditions[j]
			if c.key.lower != k.lower && !slices.Contains(c.variableNames(), k.lower) {
				continue
			}
			literals = append(literals, r.ctx[c.key.lower]...) // which it is compared with
			for _, name := range c.variableNames() {
				literals = append(literals, r.ctx[name]...)
			}
			for v := range c.values {
				p := c.values[v].pattern()
				if c.values[v].pieces != nil {
					p = c.filled(&c.values[v], r)
				}
				if p == nil {
					continue
				}
				if text, ok := p.Literal(); ok {
					literals = append(literals, text)
				} else {
					patterns = append(patterns, p)
				}
			}
		}
	}
	list, _ := glob.Search{Limit: maxKeyStates, Meter: unmetered()}.Representatives(m.domainOf(k), literals, patterns, 1)
	return list
}

// setsOf are sets of two values and more for each way in which the statement's conditions can turn out on a set.
// kms:ResourceAliases is a set: a key can have several aliases, and ForAllValues and ForAnyValue ask of all of
// them.
func (st *statement) setsOf(r *request, k conditionKey, list []string) [][]string {
	var conditions []*condition
	for i := range st.conditions {
		if st.conditions[i].key.lower == k.lower {
			conditions = append(conditions, &st.conditions[i])
		}
	}
	if len(conditions) == 0 {
		return nil
	}
	seen := map[string]bool{}
	isNew := func(set []string) bool {
		outcomes := make([]byte, len(conditions))
		for i, c := range conditions {
			outcomes[i] = byte(c.evalValues(set, r))
		}
		found := seen[string(outcomes)]
		seen[string(outcomes)] = true
		return !found
	}
	var sets, wider [][]string
	for _, value := range list {
		if isNew([]string{value}) {
			wider = append(wider, []string{value})
		}
	}
	for len(wider) > 0 && len(sets) < maxKeyStates {
		set := wider[0]
		wider = wider[1:]
		for _, value := range list {
			if union := append(slices.Clone(set), value); !slices.Contains(set, value) && isNew(union) {
				sets, wider = append(sets, union), append(wider, union)
			}
		}
	}
	return sets
}

// filled is the pattern of a value with the request's own values in place of its variables; nil where one is not there.
func (c *condition) filled(v *value, r *request) glob.Pattern {
	chars, ok := resolvePieces(v.pieces, func(variable string) (string, bool) {
		choices := r.lookup(variable)
		if len(choices) != 1 || len(choices[0]) != 1 {
			return "", false
		}
		return choices[0][0], true
	})
	if !ok {
		return nil
	}
	return textPattern(c.op, chars)
}
