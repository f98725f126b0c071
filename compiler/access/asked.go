package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Values of a key that no condition distinguishes can still differ in what the questions ask of them: whether the policy names
// one, and whether it is trusted. A class whose members differ in that would be judged by whichever member represents it,
// so such members are of different classes.

// asked gives, for a key, what the questions ask of a set of its values: sets that differ in the text differ in an answer.
// For example the policy says `aws:SourceAccount: "1111*"` and the trusted accounts are 111122223333 only. No
// condition distinguishes 111122223333 from 111199999999, so they would be one class, represented by either. Whether a
// stranger can drive the service would depend on which one the search found first.
func (s *space) asked(d *dimension) func(values []string) string {
	var tests []func(values []string) bool
	lower := d.key.lower
	if says := facts.KeySays(lower); namesCallers(lower) || says == facts.ResourceOrganization || says == facts.ResourceOrganizationPath {
		tests = append(tests, func(values []string) bool { return s.namesClass(d, class{values: values}) })
	}
	switch facts.KeySays(lower) {
	case facts.GrantGrantee, facts.GrantRetirer, facts.GrantRetirerService, facts.RequestReplicaRegion, facts.RequestPrimaryRegion:
		tests = append(tests, func(values []string) bool { return s.namesClass(d, class{values: values}) })
	case facts.GrantOperations:
		tests = append(tests, func(values []string) bool { return slices.ContainsFunc(values, decrypts) })
	default:
	}
	if ofCallersOrganization(lower) {
		tests = append(tests, s.inTrustedOrgs)
	}
	for _, m := range s.models {
		if vouch := s.vouches(m, d); vouch != nil {
			tests = append(tests, func(values []string) bool { return vouch(class{values: values}) })
		}
	}
	return func(values []string) string {
		marks := make([]byte, len(tests))
		for i, test := range tests {
			if test(values) {
				marks[i] = 1
			}
		}
		return string(marks)
	}
}

// inTrustedOrgs reports whether all of some organizations, or paths in them, are trusted.
func (s *space) inTrustedOrgs(values []string) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool {
		org, _, _ := strings.Cut(v, "/")
		return !s.env.trustsOrg(org)
	})
}

// tellApart makes a key's values come in all kinds that the questions ask for: where a pattern leaves the account of an
// ARN open, in any account, and where one takes in a part of all accounts or organizations, in those that are trusted.
// An id that every wildcard takes in needs no class of its own, since a stranger's id is taken in too and is the
// worse case. Only a pattern that takes in the trusted id and not every other one has a boundary between them.
func (s *space) tellApart(b *dimensionBuilder) {
	trusted := slices.Clone(s.env.TrustAccounts)
	for _, m := range s.models {
		trusted = append(trusted, m.owner)
	}
	slices.Sort(trusted)
	trusted = slices.Compact(trusted)
	switch facts.KeySays(b.key.lower) {
	case facts.SourceAccount:
		b.known = matchedInPart(b.conds, trusted)
	case facts.SourceOrganization, facts.CallerOrganization:
		b.known = matchedInPart(b.conds, s.env.TrustOrgs)
	case facts.SourceOrganizationPath, facts.CallerOrganizationPath:
		for _, id := range s.env.TrustOrgs {
			if takesPartOf(b.conds, id) {
				b.splits = append(b.splits, glob.Concat(glob.Exact(id+"/"), glob.AnyText()))
			}
		}
	case facts.SourceARN, facts.ContextPair:
		s.tellAccounts(b, trusted)
	}
}

// matchedInPart are those of some ids that a pattern takes in that is more than a wildcard.
func matchedInPart(conds []*condition, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return !slices.ContainsFunc(conds, func(c *condition) bool {
			return slices.ContainsFunc(c.values, func(v value) bool {
				return !v.plain && v.pat != nil && strings.Trim(v.text, "*?") != "" && v.pat.Match(id)
			})
		})
	})
}

// takesPartOf reports whether a pattern of paths takes an organization in by a wildcard in the organization's place.
func takesPartOf(conds []*condition, id string) bool {
	return slices.ContainsFunc(conds, func(c *condition) bool {
		return slices.ContainsFunc(c.values, func(v value) bool {
			organization, _, _ := strings.Cut(v.text, "/")
			return !v.plain && v.pat != nil && fixed(organization) < len(organization) && glob.New(glob.Chars(organization)).Match(id)
		})
	})
}

// tellAccounts splits ARNs by whether they have an account, and by the trusted accounts that a pattern includes in part.
func (s *space) tellAccounts(b *dimensionBuilder, trusted []string) {
	open := false
	for _, c := range b.conds {
		for i := range c.values {
			v := &c.values[i]
			if v.plain || v.pat == nil {
				continue
			}
			arn, ok := policy.ParseARN(v.text)
			switch {
			case !ok:
				open = open || b.key.lower == keySourceARN
			case strings.ContainsAny(arn.Account, "*?"):
				open = true
				for _, id := range trusted {
					if fixed(arn.Account) > 0 && glob.FoldGlob(arn.Account).Match(id) {
						b.splits = append(b.splits, arnDomain(glob.Exact(id)))
					}
				}
			}
		}
	}
	if open {
		b.splits = append(b.splits, arnDomain(glob.Repeat(12, digits)))
	}
}
