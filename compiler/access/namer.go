package access

import (
	"net/netip"
	"slices"
)

// namer says which values of a key the policies name, by the value itself or by a pattern that is more than a wildcard.
type namer struct {
	literals map[string]bool
	prefixes []netip.Prefix
	others   []condition     // of one value each
	known    map[string]bool // what was asked of it: every question asks of the same values
}

// Negated conditions name as well: a Deny "unless from VPC x" is how most policies let x in.
func newNamer(conds []*condition) *namer {
	n := &namer{literals: map[string]bool{}, known: map[string]bool{}}
	for _, c := range conds {
		for i := range c.values {
			v := &c.values[i]
			switch {
			case c.op.family == familyNull || v.bad || v.pieces != nil || trivial(c, v):
			case v.plain && c.op.family == familyString && (c.key.typ == "String" || c.key.typ == "ARN"):
				n.literals[v.text] = true
			case c.op.family == familyIP && !v.open:
				n.prefixes = append(n.prefixes, v.prefix)
			default:
				n.others = append(n.others, c.positive(v))
			}
		}
	}
	return n
}

// positive is the condition that one value of it asks for, negation and sets apart.
func (c *condition) positive(v *value) condition {
	one := *c
	one.values, one.literals, one.op.negated, one.op.set, one.op.ifExists = []value{*v}, nil, false, plain, false
	one.variables = variablesIn(one.values)
	return one
}

func (n *namer) names(text string) bool {
	is, ok := n.known[text]
	if !ok {
		addr, err := netip.ParseAddr(text)
		is = n.literals[text] || slices.ContainsFunc(n.others, func(c condition) bool { return c.evalOne(text, nil) == yes }) ||
			err == nil && slices.ContainsFunc(n.prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
		n.known[text] = is
	}
	return is
}
