package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// outsiders are the requests of callers whose account and organization neither the policy nor trust names, from a
// network that the policy does not name. The key's own organization is named by ${aws:ResourceOrgID}.
// A test for "Principal is *" would miss the policies that are public by other means (an ARN with a wildcard, a
// condition that every request meets) and accuse those that a condition on the organization protects. So a
// stranger is put together from what nobody names, and asked for.
func (s *space) outsiders() boxes.Box {
	if s.outside == nil {
		s.outside = s.findOutsiders() // each statement is asked about them
	}
	return s.outside
}

func (s *space) findOutsiders() boxes.Box {
	named := s.accountPatterns()
	b := s.ahead().With(dimCaller, s.callersWhere(func(c *caller) bool {
		return c.kind != callerService && !s.naming.accounts[c.account] && !slices.ContainsFunc(named, func(p glob.Pattern) bool { return p.Match(c.account) })
	}))
	b[dimAction] = s.knownActions()
	own := s.ownOrganization()
	for i, d := range s.dims {
		switch {
		case namesCallers(d.key.lower):
			b[dimKeys+i] = d.where(func(a class) bool { return !s.namesClass(d, a) && (own == "" || !inOrganization(a, own)) })
		case own != "" && facts.KeySays(d.key.lower) == facts.ResourceOrganization:
			b[dimKeys+i] = d.where(func(a class) bool { return len(a.values) == 0 || a.values[0] == own || s.namesClass(d, a) })
		}
	}
	return b
}

// ownOrganization represents the organization of the key where conditions compare with it and none says its id.
func (s *space) ownOrganization() string {
	ofResource := func(lower string) bool {
		says := facts.KeySays(lower)
		return says == facts.ResourceOrganization || says == facts.ResourceOrganizationPath
	}
	compared := false
	s.conditions(func(_ *model, _ *statement, c *condition) {
		names := c.variableNames()
		compared = compared || ofCallersOrganization(c.key.lower) && slices.ContainsFunc(names, ofResource) || ofResource(c.key.lower) && slices.ContainsFunc(names, ofCallersOrganization)
	})
	if !compared {
		return ""
	}
	for _, d := range s.dims {
		if facts.KeySays(d.key.lower) != facts.ResourceOrganization {
			continue
		}
		for _, a := range d.classes {
			if len(a.values) > 0 && !s.namesClass(d, a) {
				return a.values[0]
			}
		}
	}
	return ""
}

func inOrganization(a class, id string) bool {
	return slices.ContainsFunc(a.values, func(v string) bool {
		organization, _, _ := strings.Cut(v, "/")
		return organization == id
	})
}

// namesCallers are the keys that say who or where a caller is.
func namesCallers(lower string) bool {
	switch says := facts.KeySays(lower); says {
	case facts.CallerOrganization, facts.CallerOrganizationPath, facts.NetworkAddress, facts.CallerID, facts.ComputeVPC, facts.ComputeAddress, facts.ComputeARN:
		return true
	default:
		return says.OfSource() || says.OfEndpoint()
	}
}

// ofCallersOrganization are the keys that say of which organization the caller is.
func ofCallersOrganization(lower string) bool {
	says := facts.KeySays(lower)
	return says == facts.CallerOrganization || says == facts.CallerOrganizationPath
}

// namesClass reports whether a value of the policy that is more than a wildcard names one of the class's values.
func (s *space) namesClass(d *dimension, a class) bool {
	for _, v := range a.values {
		org, _, _ := strings.Cut(v, "/")
		if ofCallersOrganization(d.key.lower) && s.env.trustsOrg(org) || d.namer.names(v) {
			return true
		}
	}
	return false
}

// trivial values name nobody and no network: only a wildcard, half the internet, or the end of a range of ids.
// `aws:SourceIp: 0.0.0.0/1` names half the internet. That is a way to write "anyone" which looks like a
// restriction, and to take it for a network that the policy names would call the key private.
func trivial(c *condition, v *value) bool {
	if (c.op.family == familyNumeric || c.op.family == familyDate) && c.op.compare != compareEquals {
		return true // it takes in all ids on one side
	}
	if c.op.family == familyIP {
		if v.prefix.Addr().Is4() {
			return v.prefix.Bits() < 8
		}
		return v.prefix.Bits() < 16
	}
	text := v.text
	if c.op.compare == compareFold {
		text = strings.ToLower(text)
	}
	return !v.plain && !identifies(c.key.lower, text)
}

// identifies reports whether a pattern fixes enough of a key's value to represent callers or a network that one can know.
// Accounts, organizations and networks get their ids at random, so the beginning of one is an id of strangers too: those
// of organizations have 10 to 32 characters. The ids of organizational units and what follows the colon in aws:userid
// are for others to choose. A grant to a service-linked role is one to its service, in whatever account.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func identifies(key, pattern string) bool {
	switch says := facts.KeySays(key); {
	case says.IsOrganization() || says.IsOrganizationPath():
		organization, _, _ := strings.Cut(pattern, "/")
		return strings.HasPrefix(organization, "o-") && (fixed(organization) == len(organization) || fixed(organization) >= len("o-")+32)
	case says == facts.CallerID:
		id, _, _ := strings.Cut(pattern, ":")
		return fixed(id) >= 12
	case says == facts.EndpointVPC || says == facts.EndpointID || says == facts.ComputeVPC:
		_, id, _ := strings.Cut(pattern, "-")
		return fixed(id) >= 8
	case says == facts.EndpointAccount || says == facts.SourceAccount:
		return fixed(pattern) == 12
	case says == facts.SourceARN:
		arn, ok := policy.ParseARN(pattern)
		return ok && (fixed(arn.Account) == 12 || arn.Account == "" && strings.ContainsAny(strings.Trim(arn.Resource, "*?"), letters+digits))
	}
	if !strings.HasPrefix(pattern, "arn:") {
		return strings.Trim(pattern, "*?") != ""
	}
	arn, ok := policy.ParseARN(pattern)
	return ok && (fixed(arn.Account) == 12 || facts.KeySays(key) == facts.GrantGrantee && strings.HasPrefix(arn.Resource, "role/aws-service-role/"))
}

// fixed counts the characters of a pattern that are themselves.
func fixed(pattern string) int {
	return len(pattern) - strings.Count(pattern, "*") - strings.Count(pattern, "?")
}

// accountPatterns are the patterns on callers with a whole account ID in the account's place, as ones on the account.
func (s *space) accountPatterns() []glob.Pattern {
	var list []glob.Pattern
	s.conditions(func(_ *model, _ *statement, cond *condition) {
		for i := range cond.values {
			v := &cond.values[i]
			if v.bad || v.pat == nil || v.pieces != nil {
				continue
			}
			switch facts.KeySays(cond.key.lower) {
			case facts.CallerAccount:
				if fixed(v.text) == 12 {
					list = append(list, v.pat)
				}
			case facts.CallerARN:
				if arn, ok := policy.ParseARN(v.text); ok && fixed(arn.Account) == 12 {
					list = append(list, glob.FoldGlob(arn.Account))
				}
			}
		}
	})
	return list
}

// letsOutsiderIn asks whether a statement lets an outsider in, after all Deny statements; -1 asks of any statement.
func (s *space) letsOutsiderIn(r *compiledPolicy, at int) (Answer, *request) {
	q := s.allowed(r, s.outsiders())
	if at >= 0 {
		q.whole = false
		q.from = func(v approximation) []boxes.Box { return r.allow[delegated][at][v] }
		q.confirm = func(req *request) bool {
			return r.m.match(&r.m.statements[at], req, delegated) == yes && getsIn(r.m.evaluate(req).decision)
		}
	}
	return q.ask()
}
