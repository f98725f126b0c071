package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// couple is two keys of which the long one holds in its values an id that the other has for its value: an ARN its account,
// a path its organization. In a request that has both they agree.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type couple struct {
	id, long string
	domain   func(id string) glob.Pattern // values of the long key that hold the id
	asks     func(c *condition, p glob.Pattern) (ids []string, exact bool)
}

func couples() []couple {
	inOrg := func(id string) glob.Pattern {
		return glob.Concat(glob.Exact(id+"/"), glob.OneOrMore(lowerDigits+letters+"-/"))
	}
	var list []couple
	for _, pair := range facts.KeyPairs() {
		if pair.Says.IsOrganizationPath() {
			list = append(list, couple{pair.ID, pair.Long, inOrg, organizationsAsked})
		} else {
			list = append(list, couple{pair.ID, pair.Long, func(id string) glob.Pattern { return arnDomain(glob.Exact(id)) }, accountsAsked})
		}
	}
	return list
}

// ids are the ids that conditions on the long key distinguish from others, so that each is a class of the id key too. ok is false
// where the two cannot be coupled: by a variable, or by a pattern that an id matches in part, some ids would have to be
// distinguished that nothing names. id is nil where no condition is on the id key.
// aws:SourceAccount and aws:SourceArn are two keys in the policy and one resource in the request. Treated as
// independent, `SourceArn of account A` and a Deny `SourceAccount is not A` would seem to leave a request with A's
// ARN and B's account. Classes of both carry the id as a tag, and boxes of two different tags are impossible. That
// needs the ids to be finite, hence ok.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (c couple) ids(id, long *dimensionBuilder) (ids []string, ok bool) {
	for _, b := range []*dimensionBuilder{id, long} {
		if b != nil && (len(b.linked) > 0 || !textOnly(b.conds)) {
			return nil, false
		}
	}
	domain := domainOf(keyNamed(c.id))
	for _, cond := range long.conds {
		for i := range cond.values {
			p := cond.values[i].pattern()
			if p == nil {
				continue
			}
			asked, exact := c.asks(cond, p)
			if !exact {
				return nil, false
			}
			for _, a := range asked {
				if domain.Match(a) && !slices.Contains(ids, a) {
					ids = append(ids, a)
				}
			}
		}
	}
	slices.Sort(ids)
	return ids, true
}

// textOnly says that the conditions compare texts, or ask for presence.
func textOnly(conds []*condition) bool {
	return !slices.ContainsFunc(conds, func(c *condition) bool {
		return c.op.family != familyString && c.op.family != familyARN && c.op.family != familyNull
	})
}

// pattern is what a text without variables asks for, nil where it asks for nothing that a text can be.
func (v *value) pattern() glob.Pattern {
	switch {
	case v.bad || v.pieces != nil:
		return nil
	case v.plain:
		return glob.Exact(v.text)
	}
	return v.pat
}

// accountsAsked finds the account IDs in a value for an ARN. A run of digits beside a wildcard can match part of an id;
// under an ARN operator only the account's own component matters, as wildcards do not cross colons there.
// For example `arn:aws:sns:*:1111*` takes in many accounts that nothing lists: the couple is given up, and answers
// that hang on it are unknown. With `*:111122223333:*` the account is whole between its colons, so it is one id.
func accountsAsked(c *condition, p glob.Pattern) (ids []string, exact bool) {
	if c.op.family == familyARN {
		p = arnComponent(p, 4)
	}
	for i := 0; i < len(p); i++ {
		var digits strings.Builder
		from := i
		for ; i < len(p) && isDigit(p[i]); i++ {
			r, _ := p[i].Set.Only()
			digits.WriteRune(r)
		}
		n := i - from
		if n == 12 {
			ids = append(ids, digits.String())
		}
		if n == 0 || n >= 12 {
			continue
		}
		before, after := edge, edge
		if from > 0 {
			before = neighborOf(p[from-1])
		}
		if i < len(p) {
			after = neighborOf(p[i])
		}
		if before == wild && after != other || after == wild && before != other {
			return nil, false
		}
	}
	return ids, true
}

// arnComponent are the tokens between two literal colons of an ARN pattern.
func arnComponent(p glob.Pattern, n int) glob.Pattern {
	from := 0
	for i, t := range p {
		if r, ok := t.Set.Only(); !ok || t.Star || r != ':' {
			continue
		}
		if n == 0 {
			return p[from:i]
		}
		n--
		from = i + 1
	}
	return p[from:]
}

// organizationsAsked finds the organization at the head of a value for a path, whose id ends at the first slash.
// "o-a1b2c3d4e5/*" names one organization, "o-*/r-ab12/*" names none and takes all of them in alike. What is in
// between, such as "o-a1*", would need a class for the organizations that begin so, so that the couple is given
// up.
func organizationsAsked(c *condition, p glob.Pattern) (ids []string, exact bool) { //nolint:revive // what is asked of a part takes the condition
	if at := slices.IndexFunc(p, func(t glob.Token) bool { r, ok := t.Set.Only(); return ok && !t.Star && r == '/' }); at >= 0 {
		p = p[:at]
	}
	if id, ok := p.Literal(); ok {
		return []string{id}, true
	}
	last := p[len(p)-1]
	start, literal := p[:len(p)-1].Literal()
	return nil, last.Star && literal && (start == "" || start == "o-")
}

// neighbor is what is beside a run of digits.
type neighbor uint8

const (
	edge  neighbor = iota // the end, or a colon
	wild                  // what a digit can be as well
	other                 // what is in no account ID, nor beside one
)

func isDigit(t glob.Token) bool {
	r, ok := t.Set.Only()
	return ok && !t.Star && r >= '0' && r <= '9'
}

func neighborOf(t glob.Token) neighbor {
	digit := glob.CharsOf(digits)
	r, one := t.Set.Only()
	switch {
	case glob.Overlap(t.Set, digit):
		return wild
	case one && r == ':' && !t.Star:
		return edge
	}
	return other
}
