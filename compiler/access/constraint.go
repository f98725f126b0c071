package access

import (
	"slices"
	"strings"
)

// Comparison is what a condition asks of the values of a key: an operator of IAM with its values, as a policy has them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type Comparison struct {
	Operator string // without IfExists, which Constraint.Absent says; "" where the values cannot be described
	Values   []string
}

// Constraint says which requests fit, as far as one condition key goes. A request with the key fits where the key's values
// meet the comparison and all of And, and none of Not. A key that only has to be there, or to be absent, is compared by Null.
type Constraint struct {
	Comparison
	Absent bool // whether a request without the key fits
	And    []Comparison
	Not    []Comparison
}

// opposite is the operator that holds of a present key where another does not. For Bool the value turns round instead.
// The describer needs "where the Deny does not hold" in the words of a policy. ForAllValues and ForAnyValue change
// places as "for all" and "there is" do, so the opposite of a set operator is a set operator over the opposite
// comparison.
func opposite(operator string) string {
	set, base, ok := strings.Cut(operator, ":")
	if !ok {
		set, base = "", operator
	}
	switch set {
	case "ForAllValues":
		return "ForAnyValue:" + opposite(base)
	case "ForAnyValue":
		return "ForAllValues:" + opposite(base)
	}
	switch base {
	case "IpAddress":
		return "NotIpAddress"
	case "NotIpAddress":
		return "IpAddress"
	}
	for _, family := range []string{"String", "Arn", "Numeric", "Date"} {
		rest, ok := strings.CutPrefix(base, family)
		if !ok {
			continue
		}
		switch rest {
		case "LessThan":
			return family + "GreaterThanEquals"
		case "LessThanEquals":
			return family + "GreaterThan"
		case "GreaterThan":
			return family + "LessThanEquals"
		case "GreaterThanEquals":
			return family + "LessThan"
		}
		if positive, negated := strings.CutPrefix(rest, "Not"); negated {
			return family + positive
		}
		return family + "Not" + rest
	}
	return base
}

// leavesOut reports whether an operator for one value says what the value is not.
func leavesOut(operator string) bool {
	return !strings.Contains(operator, ":") && strings.Contains(operator, "Not")
}

// comparison writes a condition, or the contrary of one, for a key that is present.
func (c *condition) comparison(contrary bool) Comparison {
	operator := strings.TrimSuffix(c.text, "IfExists")
	values := make([]string, len(c.values))
	for i := range c.values {
		values[i] = c.values[i].written
	}
	slices.Sort(values) // in whatever order the policy has them
	values = slices.Compact(values)
	switch {
	case !contrary:
	case c.op.family == familyBool && c.key.typ == "String": // a tag, which can be neither true nor false
		operator = opposite(strings.Replace(operator, "Bool", "StringEqualsIgnoreCase", 1))
	case c.op.family == familyBool && len(values) == 1:
		values[0] = map[bool]string{true: "false", false: "true"}[c.values[0].text == "true"]
	default:
		operator = opposite(operator)
		if bound, ok := c.lastBound(); ok {
			values = []string{bound}
		}
	}
	return Comparison{operator, values}
}

// lastBound is the bound that all values keep to that keep to none of the condition's: what is less than neither of two is at
// least the greater one. It is false for operators that do not compare by order, and where a bound is not known.
func (c *condition) lastBound() (bound string, ok bool) {
	less := c.op.compare == compareLess || c.op.compare == compareLessEquals
	greater := c.op.compare == compareGreater || c.op.compare == compareGreaterEquals
	if !less && !greater || c.op.family != familyNumeric && c.op.family != familyDate {
		return "", false
	}
	var last *value
	for i := range c.values {
		v := &c.values[i]
		if v.bad {
			return "", false
		}
		if last == nil || less && v.number > last.number || greater && v.number < last.number || v.number == last.number && v.written < last.written {
			last = v
		}
	}
	if last == nil {
		return "", false
	}
	return last.written, true
}

// constrain puts comparisons that hold together into one constraint: what a value is comes before what it is not.
// "From the VPC a, but not at night" needs a positive comparison first, so one that says what the value is
// comes first and what it is not follows. Where there are only negative ones, the first of them takes that place.
func constrain(all []Comparison, absent bool) Constraint {
	var is, not []Comparison
	for _, c := range all {
		if leavesOut(c.Operator) {
			c.Operator = opposite(c.Operator)
			not = joinComparison(not, c)
			continue
		}
		is = append(is, c)
	}
	out := Constraint{Absent: absent}
	switch {
	case len(is) > 0:
		out.Comparison, out.And, out.Not = is[0], is[1:], not
	case len(not) > 0:
		out.Comparison, out.Not = Comparison{opposite(not[0].Operator), not[0].Values}, not[1:]
	default:
		out.Comparison = Comparison{"Null", []string{"false"}}
	}
	if len(out.And) == 0 {
		out.And = nil
	}
	if len(out.Not) == 0 {
		out.Not = nil
	}
	return out
}

// and is the constraint that holds where both of two do.
func (c Constraint) and(o Constraint) Constraint {
	c.Absent = c.Absent && o.Absent
	c.And = slices.Concat(c.And, []Comparison{o.Comparison}, o.And)
	c.Not = slices.Concat(c.Not, o.Not)
	return c
}

// joinComparison adds the values of a comparison to those of one with the same operator, of which any may match.
func joinComparison(list []Comparison, c Comparison) []Comparison {
	for i := range list {
		if list[i].Operator == c.Operator {
			list[i].Values = slices.Clone(list[i].Values)
			for _, v := range c.Values {
				if !slices.Contains(list[i].Values, v) {
					list[i].Values = append(list[i].Values, v)
				}
			}
			slices.Sort(list[i].Values)
			return list
		}
	}
	return append(list, c)
}

// either is the constraint that holds where one of two does, where one constraint can say so.
// Values of one operator are alternatives in IAM, so two constraints on a key join by joining their lists. That
// holds only for positive operators: in a negated one all values are excluded, and the union of exclusions is
// their intersection.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func either(a, b Constraint) (Constraint, bool) {
	simple := func(c Constraint) bool {
		return len(c.And) == 0 && len(c.Not) == 0 && !leavesOut(c.Operator) && !strings.HasPrefix(c.Operator, "ForAllValues:") && c.Operator != "" && c.Operator != "Null"
	}
	if !simple(a) || !simple(b) || strings.Contains(a.Operator, "Not") || strings.Contains(b.Operator, "Not") {
		return Constraint{}, false
	}
	if a.Operator != b.Operator {
		literal := func(c Constraint) bool {
			return strings.HasSuffix(c.Operator, "StringEquals") && !slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?") })
		}
		like := func(operator string) string { return strings.Replace(operator, "StringEquals", "StringLike", 1) }
		switch {
		case literal(a) && like(a.Operator) == b.Operator:
			a.Operator = b.Operator
		case literal(b) && like(b.Operator) == a.Operator:
			b.Operator = a.Operator
		default:
			return Constraint{}, false
		}
	}
	if operator, _, ok := strings.Cut(a.Operator, "Than"); ok && operator != "" {
		return Constraint{}, false // one bound says more than two do
	}
	joined := joinComparison([]Comparison{a.Comparison}, b.Comparison)
	return Constraint{Comparison: joined[0], Absent: a.Absent || b.Absent}, true
}
