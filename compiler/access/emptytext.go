package access

import "github.com/keypolicy/keypolicy/compiler/facts"

// takesEmpty reports whether the empty text is a value of the key as any other: no page of AWS says that a free text, as
// that of a tag or of an encryption context, cannot be empty. What an empty text among several values is to
// ForAllValues and ForAnyValue is not documented.
func (k conditionKey) takesEmpty() bool {
	_, limited := facts.LookupValueLimit(k.lower)
	return k.typ == "String" && k.values == nil && !k.multi && !limited && k.lower != keyUserID
}

// empties are the classes of the empty text, where a condition asks for it.
func (b *dimensionBuilder) empties() []class {
	if !b.key.takesEmpty() {
		return nil
	}
	if b.empty {
		return []class{{values: []string{""}}}
	}
	for _, c := range b.conds {
		for i := range c.values {
			if v := &c.values[i]; v.text == "" && !v.bad && v.pieces == nil {
				return []class{{values: []string{""}}}
			}
		}
	}
	return nil
}
