package access

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// bounded is the condition with every variable taken for one that can have any value: what a value with variables matches,
// its bound matches. It is nil where no value has variables, where the variables are all that there is to match, and for a
// key of several values, whose sets are not distinguished by bounds.
// In an ARN, a variable's value can have colons, so its bound does not keep to the parts of an ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
// The exact treatment of a variable makes a box for each of its values (split.go). The bound is for what that is
// too much for: `arn:aws:s3:::${aws:PrincipalTag/team}-*` says nothing of the tag, and still no ARN that does not
// begin with "arn:aws:s3:::" gets in. So an answer of "no" often survives where the variable itself is given up.
func (c *condition) bounded() *condition {
	if c.key.multi {
		return nil
	}
	out := *c
	out.values, out.literals, out.variables = nil, nil, nil
	limited := false
	for _, v := range c.values {
		if v.pieces != nil {
			if c.op.family == familyARN && !isARN(v.pieces) {
				return nil // what such a value matches is not known
			}
			v.pat, v.matcher, v.plain = anyVariable(c.op, v.pieces), nil, false
			limited = limited || limits(v.pat)
			v.pieces = nil
		}
		out.values = append(out.values, v)
	}
	if !limited {
		return nil
	}
	return &out
}

// settles reports whether the bound decides the condition for values of its key, whatever the variables' values are: what the
// bound does not match, no value of a variable makes match, and a negated condition holds of it.
func (c *condition) settles(bound *condition, values []string) bool {
	if bound == nil {
		return false
	}
	t := bound.evalValues(values, nil)
	return t == truth(c.op.negated)
}

// anyVariable is the pattern of a value whose variables can have any value.
func anyVariable(op operator, pieces []piece) glob.Pattern {
	var out glob.Pattern
	for _, p := range pieces {
		switch {
		case p.variable != "":
			out = append(out, glob.Token{Set: glob.AnyChar(), Star: true})
		case op.compare == compareFold:
			out = append(out, glob.Fold(p.text)...)
		case p.escaped || op.family == familyString && op.compare != compareLike:
			out = append(out, glob.Exact(p.text)...)
		default:
			out = append(out, glob.New(glob.Chars(p.text))...)
		}
	}
	return out
}

// isARN reports whether a value has the parts of an ARN whatever its variables' values are.
func isARN(pieces []piece) bool {
	colons := 0
	for _, p := range pieces {
		if p.variable == "" {
			colons += strings.Count(p.text, ":")
		}
	}
	return colons >= 5
}

// limits says that there is a text that the pattern does not match.
func limits(p glob.Pattern) bool {
	for _, t := range p {
		if !t.Star {
			return true
		}
	}
	return false
}

// bounds are the patterns that bound what a key is compared with by variables.
func (s *space) bounds(lower string) []glob.Pattern {
	var list []glob.Pattern
	s.conditions(func(_ *model, _ *statement, c *condition) {
		if dimensionKey(c.key.lower) != lower || c.key.multi {
			return
		}
		for _, v := range c.values {
			if v.pieces != nil {
				if p := anyVariable(c.op, v.pieces); limits(p) {
					list = append(list, p)
				}
			}
		}
	})
	return list
}
