package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// outsiders are the requests of callers whose account and organization neither the policy nor trust names, from a
// network that the policy does not name.
func (s *system) outsiders(r *regions) box {
	b := s.all().with(dimCaller, s.callersWhere(func(c *caller) bool {
		return c.kind != callerService && !s.naming.accounts[c.account] && !s.namedByPattern(c)
	}))
	b[dimAction] = s.today()
	for i, d := range s.dims {
		if namesCallers(d.key.lower) {
			b[dimKeys+i] = d.where(func(a atom) bool { return !s.namesAtom(d, a) })
		}
	}
	return b
}

// namesCallers are the keys that say who or where a caller is.
func namesCallers(lower string) bool {
	switch lower {
	case "aws:principalorgid", "aws:principalorgpaths", "aws:sourceip", "aws:userid",
		"aws:ec2instancesourcevpc", "aws:ec2instancesourceprivateipv4", "ec2:sourceinstancearn", "lambda:sourcefunctionarn", "ssm:sourceinstancearn":
		return true
	}
	return isEndpointKey(lower)
}

// namesAtom says whether a value of the policy that is more than a wildcard names one of the atom's values.
func (s *system) namesAtom(d *dimension, a atom) bool {
	for _, v := range a.values {
		org, _, _ := strings.Cut(v, "/")
		if strings.HasPrefix(d.key.lower, "aws:principalorg") && slices.Contains(s.env.TrustOrgs, org) {
			return true
		}
		for _, c := range d.conds {
			if c.op.family != familyNull && s.names(c, v) {
				return true
			}
		}
	}
	return false
}

func (s *system) names(c *condition, text string) bool {
	for _, v := range c.values {
		if v.bad || v.pieces != nil || trivial(c, &v) {
			continue
		}
		one := *c
		one.values, one.op.negated, one.op.set, one.op.ifExists = []value{v}, false, plain, false
		if one.evalOne(text, nil) == yes {
			return true
		}
	}
	return false
}

// trivial values name nobody and no network: a wildcard alone, or half the internet.
func trivial(c *condition, v *value) bool {
	if c.op.family == familyIP {
		if v.prefix.Addr().Is4() {
			return v.prefix.Bits() < 8
		}
		return v.prefix.Bits() < 16
	}
	if v.plain {
		return false
	}
	rest := strings.Trim(v.text, "*?")
	return rest == "" || rest == "o-" || rest == "vpc-" || rest == "vpce-" || strings.HasPrefix(rest, "arn:") && !strings.ContainsAny(rest, digits)
}

// namedByPattern says whether a pattern with digits in the account's place takes the caller's account in.
func (s *system) namedByPattern(c *caller) bool {
	found := false
	s.conditions(func(_ *model, _ *statement, cond *condition) {
		for i := range cond.values {
			v := &cond.values[i]
			if found || v.bad || v.pat == nil || v.pieces != nil {
				continue
			}
			switch cond.key.lower {
			case "aws:principalaccount", "kms:calleraccount":
				found = strings.ContainsAny(v.text, digits) && v.pat.match(c.account)
			case "aws:principalarn":
				arn, ok := policy.ParseARN(v.text)
				found = ok && strings.ContainsAny(arn.Account, digits) && foldGlob(arn.Account).match(c.account)
			}
		}
	})
	return found
}

// letsOutsiderIn asks whether a statement lets an outsider in, after all Deny statements; -1 asks of any statement.
func (s *system) letsOutsiderIn(r *regions, at int) (Answer, *request) {
	q := s.allowed(r, s.outsiders(r))
	if at >= 0 {
		q.from = func(v variant) []box { return r.allow[delegated][at][v] }
		q.confirm = func(req *request) bool {
			return r.m.match(&r.m.statements[at], req, delegated) == yes && getsIn(r.m.evaluate(req).decision)
		}
	}
	return q.ask()
}
