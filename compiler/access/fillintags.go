package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// maxTagStates bounds the search for the values of one tag.
const maxTagStates = 500

// fillTags leaves open the key's tags that the policy asks for: a request has them if the key does, which the policy does not
// say.
// https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
func (m *model) fillTags(r *request) {
	for _, lower := range m.lookedAt() {
		if facts.KeySays(lower) == facts.ResourceTag && !r.gives(lower) {
			r.leaveOpen(lower, append([][]string{nil}, m.tagValues(r, lower)...))
		}
	}
}

// tagValues are values of a tag for each way in which the policy's conditions can turn out on it.
func (m *model) tagValues(r *request, lower string) [][]string {
	var literals []string
	var patterns []glob.Pattern
	for i := range m.statements {
		for j := range m.statements[i].conditions {
			c := &m.statements[i].conditions[j]
			if c.key.lower != lower && !slices.Contains(c.variableNames(), lower) {
				continue
			}
			literals = append(literals, r.ctx[c.key.lower]...) // which the tag is compared with
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
	list, _ := glob.Search{Limit: maxTagStates, Meter: unmetered()}.Representatives(glob.AnyText(), literals, patterns, 1)
	var choices [][]string
	for _, value := range list {
		choices = append(choices, []string{value})
	}
	return choices
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
