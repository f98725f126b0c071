package access

// request is one concrete request.
type request struct {
	caller caller
	action action
	ctx    map[string][]string // by lower-case key; what follows from the caller is not in it
}

// lookup gives the values that a key can have in the request; nil is absent, and an empty set is absent too.
func (r *request) lookup(lower string) [][]string {
	if values := r.ctx[lower]; len(values) > 0 {
		return [][]string{values}
	}
	if choices, ok := r.caller.derived(lower); ok {
		return choices
	}
	return [][]string{nil}
}

// variable resolves a policy variable: a key of one value.
func (r *request) variable(lower string) (text string, present, sure bool) {
	k := keyNamed(lower)
	choices := r.lookup(lower)
	if len(choices) != 1 || k.multi || !k.known {
		return "", false, len(choices) == 1 && choices[0] == nil && k.known
	}
	if choices[0] == nil {
		return "", false, true
	}
	return choices[0][0], true, true
}
