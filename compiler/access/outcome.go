package access

import (
	"net/netip"
	"strings"
)

// eval gives the condition's outcome for a request.
func (c *condition) eval(r *request) tri {
	choices := r.lookup(c.key.lower)
	if c.ofService && r.caller.kind == callerService && isIdentityKey(c.key.lower) && !r.gives(c.key.lower) {
		return maybe // who writes it beside the service's name means that the service has it
	}
	out := c.evalValues(choices[0], r)
	for _, values := range choices[1:] {
		if c.evalValues(values, r) != out {
			return maybe
		}
	}
	return out
}

// evalValues gives the outcome for the key's values; nil is absent.
func (c *condition) evalValues(values []string, r *request) tri {
	if r != nil && r.work != nil {
		*r.work += c.steps() * max(1, len(values))
	}
	if c.open {
		return maybe
	}
	if c.op.family == familyNull {
		return c.evalNull(values == nil)
	}
	absent := c.op.onAbsent()
	if values == nil {
		return absent
	}
	out := c.evalPresent(values, r)
	if !c.key.known && out != absent {
		return maybe // nobody knows whether KMS ever sends such a key
	}
	return out
}

// Several values under Null are alternatives like any others, so ["true", "false"] always holds.
func (c *condition) evalNull(isAbsent bool) tri {
	out := no
	for _, v := range c.values {
		switch {
		case v.bad:
			out = out.or(maybe)
		case (v.text == "true") == isAbsent:
			return yes
		}
	}
	return out
}

// Set operators fold over the values of the request, and each value over those of the condition: for all (or any)
// of what is sent, one of what is written must match.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (c *condition) evalPresent(values []string, r *request) tri {
	switch {
	case c.op.family == familyUnknown:
		return maybe
	case c.op.set == forAllValues:
		out := yes
		for _, v := range values {
			out = out.and(c.evalOne(v, r))
		}
		return out
	case c.op.set == forAnyValue:
		out := no
		for _, v := range values {
			out = out.or(c.evalOne(v, r))
		}
		return out
	case c.key.multi:
		return c.evalUnset(values, r)
	default:
		return c.evalOne(values[0], r)
	}
}

// evalUnset is for a key of several values without a set operator: observed never to match, and not documented.
func (c *condition) evalUnset(values []string, r *request) tri {
	if c.op.negated {
		return maybe
	}
	for _, v := range values {
		if c.evalOne(v, r) != no {
			return maybe
		}
	}
	return no
}

// evalOne holds one value of the request against the condition's values: any may match, or, negated, none may.
// "Not equal to a or b" is "not (equal to a or equal to b)": in negated operators the list is a NOR, which reads
// like an OR in the policy and is the most common misreading of one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func (c *condition) evalOne(got string, r *request) tri {
	if r == nil || r.ones == nil {
		return c.matchOne(got, r)
	}
	out, ok := r.ones[got]
	if !ok {
		out = c.matchOne(got, r)
		r.ones[got] = out
	}
	return out
}

func (c *condition) matchOne(got string, r *request) tri {
	out := no
	switch {
	case c.literals != nil:
		out = truth(c.literals[got])
	case c.op.family == familyIP:
		out = c.matchAddress(got)
	default:
		for i := range c.values {
			out = out.or(c.matchValue(&c.values[i], got, r))
		}
	}
	if c.op.negated {
		return out.not()
	}
	return out
}

// Operator and key need not fit each other: a policy may compare a number as text. What AWS writes for the number
// then is not documented, so the outcome is maybe rather than a guess at its spelling.
func (c *condition) matchValue(v *value, got string, r *request) tri {
	if v.could != nil && v.open && !v.could.Match(got) {
		return no
	}
	if v.bad {
		return maybe
	}
	switch c.op.family {
	case familyString, familyARN:
		if c.key.typ != "String" && c.key.typ != "ARN" && c.key.typ != "Bool" {
			return maybe // how KMS writes the value as text is not documented
		}
		return c.matchText(v, got, r)
	case familyBool:
		if c.key.typ == "String" {
			return truth(strings.EqualFold(v.text, got)) // a tag can have any text: one that is neither true nor false equals neither
		}
		return matchBool(v.text, got)
	case familyNumeric, familyDate:
		number, ok := c.requestNumber(got)
		if !ok {
			return maybe
		}
		return truth(compareNumbers(c.op.compare, number, v.number))
	case familyIP, familyBinary, familyNull, familyUnknown:
	}
	return maybe
}

// matchAddress holds an address against all ranges. It is read once: a list can have two thousand of them.
func (c *condition) matchAddress(got string) tri {
	out := no
	addr, err := netip.ParseAddr(got)
	for i := range c.values {
		switch v := &c.values[i]; {
		case v.could != nil && v.open && !v.could.Match(got):
		case v.bad || err != nil:
			out = out.or(maybe)
		case v.prefix.Contains(addr):
			return yes
		}
	}
	return out
}

func matchBool(want, got string) tri {
	got = strings.ToLower(got)
	if got != "true" && got != "false" {
		return maybe
	}
	return truth(want == got)
}

func (c *condition) requestNumber(got string) (float64, bool) {
	if c.key.typ == "Date" || c.op.family == familyDate {
		return parseMoment(got)
	}
	return parseNumber(got)
}

func (c *condition) matchText(v *value, got string, r *request) tri {
	if c.key.typ == "Bool" {
		got = strings.ToLower(got)
	}
	if v.plain {
		return truth(v.text == got)
	}
	if v.matcher != nil {
		return truth(v.matcher.Match(got))
	}
	if v.pieces == nil {
		return truth(v.pat.Match(got))
	}
	return c.matchPieces(v, got, r)
}

// matchPieces holds a text against a value with variables, whichever values those have.
// The combinations are few, since only keys that AWS does not document for the caller have more than one value
// here. Where two combinations disagree the outcome is not known.
func (c *condition) matchPieces(v *value, got string, r *request) tri {
	choices := map[string][]*string{}
	ways := 1
	for _, p := range v.pieces {
		if p.variable == "" || choices[p.variable] != nil {
			continue
		}
		list, sure := r.variable(p.variable)
		if !sure {
			return maybe
		}
		choices[p.variable] = list
		ways *= len(list)
	}
	names := sortedKeys(choices)
	out := no
	for way := range ways {
		picked, rest := map[string]*string{}, way
		for _, name := range names {
			list := choices[name]
			picked[name] = list[rest%len(list)]
			rest /= len(list)
		}
		t := c.matchResolved(v, got, picked)
		if way > 0 && t != out {
			return maybe
		}
		out = t
	}
	return out
}

// Whether a wildcard in a variable's value acts as one is not documented for every key. Taking it literally could
// miss access, and taking it as a pattern could invent some, so it is unknown.
func (c *condition) matchResolved(v *value, got string, variables map[string]*string) tri {
	unsure := false
	chars, ok := resolvePieces(v.pieces, func(name string) (string, bool) {
		text := variables[name]
		if text == nil {
			return "", false
		}
		unsure = unsure || c.op.compare == compareLike && strings.ContainsAny(*text, "*?")
		return *text, true
	})
	if unsure {
		return maybe
	}
	if !ok {
		return no // a variable without a value matches nothing
	}
	pat := textPattern(c.op, chars)
	if pat == nil {
		return maybe
	}
	return truth(pat.Match(got))
}
