package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// takesEmpty reports whether the empty text is a value of the key as any other: no page of AWS says that a free text, as
// that of a tag or of an encryption context, cannot be empty. What an empty text among several values is to
// ForAllValues and ForAnyValue is not documented.
// StringLike "*" takes the empty text, and "?*" does not. A tag can have an empty value, so a condition that is
// meant to ask for the tag's presence can let a request through that has the tag and nothing in it.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_Tag.html
func (k conditionKey) takesEmpty() bool {
	_, limited := facts.LookupValueLimit(k.lower)
	return k.typ == "String" && k.values == nil && !k.multi && !limited && k.lower != keyUserID
}

// empties are the classes of the empty text, where a condition asks for it, by a pattern such as "?*" too: other texts all match that. What
// is alike to another class is left out afterwards.
func (b *dimensionBuilder) empties() []class {
	if !b.key.takesEmpty() {
		return nil
	}
	asked := func(v value) bool {
		return !v.bad && v.pieces == nil && (v.text == "" || strings.Trim(v.text, "*?") == "" && strings.Contains(v.text, "?"))
	}
	if b.empty || slices.ContainsFunc(b.conds, func(c *condition) bool { return slices.ContainsFunc(c.values, asked) }) {
		return []class{{values: []string{""}}}
	}
	return nil
}
