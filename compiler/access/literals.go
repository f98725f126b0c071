package access

import "slices"

// manyLiterals is from how many values on they are looked up instead of compared one by one.
const manyLiterals = 8

// A list of a thousand accounts is held against each of a thousand callers. Only what is equal to a plain text matches it, so one
// look into a set says what the comparisons would.
func (c *condition) collectLiterals() {
	isText := (c.op.family == familyString || c.op.family == familyARN) && (c.key.typ == "String" || c.key.typ == "ARN")
	if !isText || len(c.values) < manyLiterals || slices.ContainsFunc(c.values, func(v value) bool { return !v.plain || v.bad || v.open }) {
		return
	}
	c.literals = make(map[string]bool, len(c.values))
	for i := range c.values {
		c.literals[c.values[i].text] = true
	}
}
