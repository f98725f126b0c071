package judge_test

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// multivalued are the keys that can have several values in one request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
var multivalued = map[string]bool{
	"kms:encryptioncontextkeys": true, "kms:grantoperations": true, "kms:resourcealiases": true, "aws:calledvia": true,
	"aws:principalorgpaths": true, "aws:resourceorgpaths": true, "aws:sourceorgpaths": true, "aws:vpceorgpaths": true,
	"aws:tagkeys": true, "aws:principalservicenameslist": true,
}

// holds reports whether a request meets a condition.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func (c condition) holds(p *policy, r *request) truth {
	given, known := r.lookup(c.key)
	if !known {
		return open
	}
	if c.operator == "Null" {
		result := no
		for _, v := range c.values {
			switch strings.ToLower(v) {
			case "true":
				result = result.or(truthOf(len(given) == 0))
			case "false":
				result = result.or(truthOf(len(given) > 0))
			default:
				result = open
			}
		}
		return result
	}
	negated := strings.Contains(c.operator, "Not")
	if len(given) == 0 {
		switch {
		case c.set == "ForAllValues":
			return yes
		case c.set == "ForAnyValue" && c.ifExists: // false by one page, true by the other
			return open
		case c.set == "ForAnyValue":
			return no
		}
		return truthOf(c.ifExists || negated)
	}
	if multivalued[c.key] && c.set == "" {
		return open
	}
	all, some := yes, no
	for _, v := range given {
		one := no
		for _, want := range c.values {
			one = one.or(c.compare(p, r, want, v))
		}
		if negated {
			one = one.not()
		}
		all, some = all.and(one), some.or(one)
	}
	if c.set == "ForAnyValue" {
		return some
	}
	return all
}

// compare reports whether one value of the request matches one of the policy, for the operator without its Not.
func (c condition) compare(p *policy, r *request, want, have string) truth {
	operator := strings.Replace(c.operator, "Not", "", 1)
	like := operator == "StringLike" || strings.HasPrefix(operator, "Arn")
	pattern, resolved := want, yes
	if like {
		pattern = wildcards(want)
	}
	if p.variables && strings.Contains(want, "${") {
		switch {
		case strings.HasPrefix(operator, "String") || strings.HasPrefix(operator, "Arn"):
			pattern, resolved = r.expand(want, like)
		default:
			return open
		}
	}
	// A variable without a value equals nothing.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
	if resolved != yes {
		return resolved
	}
	switch operator {
	case "StringEquals":
		return truthOf(pattern == have)
	case "StringEqualsIgnoreCase":
		return truthOf(strings.EqualFold(pattern, have))
	case "StringLike":
		return truthOf(glob(pattern, have))
	case "ArnEquals", "ArnLike":
		return arnGlob(pattern, have)
	case "Bool":
		switch {
		case !boolean(want) || !boolean(have) && strings.EqualFold(want, "false"):
			return open
		case !boolean(have):
			return no
		}
		return truthOf(strings.EqualFold(want, have))
	case "IpAddress":
		return inRange(want, have)
	}
	if rest, ok := strings.CutPrefix(operator, "Numeric"); ok {
		a, aOK := decimal(have)
		b, bOK := decimal(want)
		return order(rest, a, b, aOK && bOK)
	}
	if rest, ok := strings.CutPrefix(operator, "Date"); ok {
		a, aOK := seconds(have)
		b, bOK := seconds(want)
		return order(rest, a, b, aOK && bOK)
	}
	return open
}

func boolean(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

func order(operator string, have, want float64, known bool) truth {
	if !known {
		return open
	}
	switch operator {
	case "Equals":
		return truthOf(have == want)
	case "LessThan":
		return truthOf(have < want)
	case "LessThanEquals":
		return truthOf(have <= want)
	case "GreaterThan":
		return truthOf(have > want)
	case "GreaterThanEquals":
		return truthOf(have >= want)
	}
	return open
}

func inRange(want, have string) truth {
	addr, err := netip.ParseAddr(have)
	if err != nil {
		return open
	}
	if one, err := netip.ParseAddr(want); err == nil {
		return truthOf(one == addr)
	}
	prefix, err := netip.ParsePrefix(want)
	if err != nil || prefix != prefix.Masked() {
		return open
	}
	return truthOf(prefix.Contains(addr))
}

var decimalForm = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

func decimal(text string) (float64, bool) {
	if !decimalForm.MatchString(text) {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

var epochForm = regexp.MustCompile(`^[0-9]{5,12}$`)

// seconds reads a date. Only the forms that the page shows are read: others are open.
func seconds(text string) (float64, bool) {
	if epochForm.MatchString(text) {
		return decimal(text)
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.Unix()), true
		}
	}
	return 0, false
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// expand puts values in place of policy variables.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (r *request) expand(text string, like bool) (string, truth) {
	var out strings.Builder
	resolved := yes
	literal := func(s string) {
		if like {
			s = wildcards(s)
		}
		out.WriteString(s)
	}
	for {
		at := variable.FindStringIndex(text)
		if at == nil {
			literal(text)
			return out.String(), resolved
		}
		literal(text[:at[0]])
		name := text[at[0]+2 : at[1]-1]
		text = text[at[1]:]
		if name == "*" || name == "?" || name == "$" {
			out.WriteString(name)
			continue
		}
		name, fallback, hasFallback := strings.Cut(name, ",")
		given, known := r.lookup(strings.ToLower(strings.TrimSpace(name)))
		switch {
		case !known || multivalued[strings.ToLower(name)]:
			resolved = resolved.and(open)
		case len(given) == 1:
			if like && strings.ContainsAny(given[0], "*?") { // whether these are wildcards is not said
				resolved = resolved.and(open)
			}
			out.WriteString(given[0])
		case hasFallback:
			fallback = strings.TrimSpace(fallback)
			out.WriteString(strings.TrimSuffix(strings.TrimPrefix(fallback, "'"), "'"))
		default:
			resolved = no
		}
	}
}
