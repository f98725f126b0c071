package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// trusts reports whether an account is the key's own or one that the user trusts.
func (s *space) trusts(m *model, account string) bool {
	return account == m.owner || slices.Contains(s.env.TrustAccounts, account)
}

// trustedOrgs are the requests from trusted organizations.
func (s *space) trustedOrgs() []boxes.Box {
	var list []boxes.Box
	for i, d := range s.dims {
		if ofCallersOrganization(d.key.lower) {
			list = append(list, s.all().With(dimKeys+i, d.where(func(a class) bool { return s.inTrustedOrgs(a.values) })))
		}
	}
	return slices.DeleteFunc(list, boxes.Box.Empty)
}

// insiders are the requests of outside callers that are none all the same: from trusted organizations, and, of callers
// whose account the policy does not name, those that say that they are for someone trusted.
// Who is outside is a question of trust and not of the account only: the user's own organization, and services
// that say that they act for somebody trusted, come from accounts that nothing lists.
func (s *space) insiders(r *compiledPolicy) []boxes.Box {
	return slices.DeleteFunc(append(s.trustedOrgs(), s.vouchedFor(r)...), boxes.Box.Empty)
}

// strangers are the users and roles of accounts that the policy does not name.
func (s *space) strangers() boxes.Set {
	return s.callersWhere(func(c *caller) bool { return c.kind != callerService && !s.naming.accounts[c.account] })
}

// vouchedFor are the requests of strangers that say that they are for someone trusted. Only services are known to say so.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
func (s *space) vouchedFor(r *compiledPolicy) []boxes.Box {
	var list []boxes.Box
	strangers := s.strangers()
	for i, d := range s.dims {
		if vouch := s.vouches(r.m, d); vouch != nil && !strings.HasPrefix(d.key.lower, encryptionPrefix) {
			trusted := d.where(func(a class) bool { return a.values != nil && vouch(a) })
			list = append(list, s.all().With(dimKeys+i, trusted).With(dimCaller, strangers))
		}
	}
	return slices.DeleteFunc(list, boxes.Box.Empty)
}

// external lists the callers outside of what is trusted that get in. whole says that nobody else does for sure.
// The list has what an entry of its own adds, as the rows of the matrix do.
func (s *space) external(r *compiledPolicy) (list []External, whole bool) {
	outside := s.callersWhere(func(c *caller) bool { return c.kind != callerService && !s.trusts(r.m, c.account) })
	orgs := s.insiders(r)
	q := s.allowed(r, s.all().With(dimCaller, outside).With(dimAction, s.knownActions()))
	q.minus = func(v approximation) []boxes.Box { return slices.Concat(r.denied(v), orgs) }
	if answer, _ := q.ask(); answer != Yes {
		if answer == Unknown {
			s.noteUnsettled("Whether anyone outside the trusted accounts gets in could not be determined.")
		}
		return []External{}, answer == No
	}
	t := s.newTable(r)
	t.fill(s.callerClasses(r, outside), func(callerAt int) permissions { return s.reachOf(r, callerAt, orgs) })
	t.prepare()
	list = []External{}
	seen := map[string]bool{}
	for _, i := range outside.Members(len(s.callers)) {
		for _, p := range t.lines(i) {
			if c := &s.callers[i]; c.kind == callerRoot {
				p.sub = s.accountSubject(c)
			}
			list = append(list, t.externalRows(i, p, seen)...)
		}
	}
	slices.SortStableFunc(list, func(a, b External) int {
		return cmp.Or(strings.Compare(a.Principal, b.Principal), strings.Compare(a.Conditions.Text, b.Conditions.Text), cmp.Compare(a.Decision, b.Decision), slices.Compare(a.Actions, b.Actions))
	})
	list = slices.DeleteFunc(slices.Clone(list), func(a External) bool {
		return slices.ContainsFunc(list, func(b External) bool {
			return a.Principal == b.Principal && a.Decision == b.Decision && a.Conditions.same(b.Conditions) && len(a.Actions) < len(b.Actions) &&
				!slices.ContainsFunc(a.Actions, func(name string) bool { return !slices.Contains(b.Actions, name) })
		})
	})
	return list, r.exact && len(s.unknown) == len(s.compiled)
}

// outsider is how the list of outsiders writes the principal of a row.
func (sub subject) outsider() string {
	switch {
	case sub.kind == "anyone":
		return "any account"
	case sub.generic:
		arn, _ := policy.ParseARN(sub.principal)
		return "account " + arn.Account
	}
	return sub.principal
}

func (t *table) externalRows(callerAt int, p line, seen map[string]bool) []External {
	s, r, sub := t.s, t.r, p.sub
	var list []External
	for _, row := range t.rows(callerAt, p, seen) {
		actions := s.actionsWhere(func(a action) bool { return slices.Contains(row.Actions, a.name) })
		q := s.allowed(r, s.all().With(dimCaller, s.single(dimCaller, callerAt)).With(dimAction, actions))
		q.minus = func(v approximation) []boxes.Box { return slices.Concat(r.denied(v), s.insiders(r)) }
		answer, witness := q.ask()
		if answer != Yes {
			s.noteUnsettled("Whether " + sub.outsider() + " gets in could not be confirmed.")
			continue
		}
		list = append(list, External{
			Principal: sub.outsider(), Actions: row.Actions, Decision: row.Decision, Conditions: row.Conditions,
			Witness: s.report(witness), Statements: row.Statements, Except: row.Except,
		})
	}
	return list
}
