package access

import "strconv"

// request is one concrete request.
type request struct {
	caller caller
	action action
	ctx    map[string][]string // by lower-case key; what follows from the caller is not in it
	chosen map[string]int      // which of the values that a key can have it is supposed to have

	open map[string][][]string // what keys can have that the request has, or may have, and does not give
	kept map[string]int        // of those of the KMS key, the number of the choices in the model

	ones map[string]tri // outcomes of one condition for single values of its key, where thousands of sets are made of few

	work *int // steps, counted up where a [Simulator] decides the request; nil where a meter counts
}

// count adds to the steps that deciding requests took.
func (r *request) count(steps int) {
	if r.work != nil {
		*r.work += steps
	}
}

// lookup gives the values that a key can have in the request; nil is absent, and an empty set is absent too.
// Given beats supposed, supposed beats what is possible, and what follows from the caller comes last: chosen is
// set while a statement with several conditions on the same open key is evaluated, so that they all see one value.
func (r *request) lookup(lower string) [][]string {
	if values, given := r.ctx[lower]; len(values) > 0 {
		return [][]string{values}
	} else if given {
		return [][]string{nil}
	}
	if choices := r.open[lower]; choices != nil {
		if i, supposed := r.chosen[lower]; supposed {
			return choices[i : i+1]
		}
		return choices
	}
	if choices, ok := r.caller.derived(lower); ok {
		if i, supposed := r.chosen[lower]; supposed {
			return choices[i : i+1]
		}
		return choices
	}
	return [][]string{nil}
}

// variable gives the values that a policy variable, a key of one value, can have; nil is none. sure is false where AWS does
// not say what it does with such a key.
func (r *request) variable(lower string) (choices []*string, sure bool) {
	k := keyNamed(lower)
	for _, values := range r.lookup(lower) {
		switch {
		case values == nil:
			choices = append(choices, nil)
		case k.multi:
			return nil, false
		default:
			choices = append(choices, &values[0])
		}
	}
	return choices, k.known
}

// about writes what a request has of the keys that some conditions look at, and who sends it: all that the conditions depend on.
func (r *request) about(conditions []condition) string {
	text := strconv.AppendInt(nil, int64(r.caller.kind), 10)
	for i := range conditions {
		for _, name := range append(conditions[i].variableNames(), conditions[i].key.lower) {
			text = append(append(text, 0), name...)
			values, given := r.ctx[name]
			id, kept := r.kept[name]
			switch {
			case given:
				text = appendQuoted(append(text, '='), values)
			case kept:
				text = strconv.AppendInt(append(text, '#'), int64(id), 10)
			default:
				text = append(text, '?')
				for _, choice := range r.lookup(name) {
					text = appendQuoted(append(text, '|'), choice)
				}
			}
		}
	}
	return string(text)
}

func appendQuoted(text []byte, values []string) []byte {
	for _, v := range values {
		text = strconv.AppendQuote(append(text, ' '), v)
	}
	return text
}
