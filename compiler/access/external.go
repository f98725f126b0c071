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
// The list has what an entry of its own adds. First comes what any account may do, then what an account may do
// beyond that, then what its named users and roles may do beyond their account; the root user is left out where
// its account's rows say as much.
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
	reaches := map[int]permissions{}
	for _, class := range s.callerClasses(r, outside) {
		mine := s.reachOf(r, class[0], orgs)
		for _, i := range class {
			reaches[i] = mine
		}
	}
	reach := func(callerAt int) permissions { return reaches[callerAt] }
	anyone := freshAccount(s.accountList())
	base := s.accountReach(reaches, callerUser, anyone)
	list = []External{}
	seen := map[string]bool{}
	for _, i := range outside.Members(len(s.callers)) {
		var others *company
		if s.isUnnamed(&s.callers[i]) || s.isGeneric(&s.callers[i]) {
			others = s.peersOf(i, reach)
		}
		sub := s.externalSubject(&s.callers[i])
		mine := reaches[i]
		switch c := &s.callers[i]; {
		case c.kind == callerRoot: // its account's rows speak for it
			for _, account := range []string{c.account, anyone} {
				for _, kind := range []callerKind{callerUser, callerSession} {
					mine = rootBeyond(mine, s.accountReach(reaches, kind, account))
				}
			}
			if c.account != anyone {
				mine = beyond(mine, s.accountReach(reaches, callerRoot, anyone))
			}
		case sub.principal == "any account" && !s.isUnnamed(c):
		default:
			mine = beyond(mine, base)
			if s.isUnnamed(c) {
				mine = beyond(mine, s.accountReach(reaches, c.kind, c.account))
			}
			if !sub.generic {
				mine = beyond(mine, s.accountReach(reaches, callerUser, c.account))
			}
		}
		if sub.shown {
			list = append(list, s.externalRows(r, i, sub, mine, others, reach, seen)...)
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

// accountReach is what the root user, or a user or a role that nothing names, of an account may do.
func (s *space) accountReach(reaches map[int]permissions, kind callerKind, account string) permissions {
	for i, mine := range reaches {
		if c := &s.callers[i]; c.kind == kind && c.account == account && (kind == callerRoot || s.isGeneric(c)) {
			return mine
		}
	}
	return permissions{}
}

func (s *space) externalSubject(c *caller) subject {
	sub := s.subjectOf(c)
	if s.isUnnamed(c) {
		sub = s.accountSubject(c)
	}
	switch {
	case sub.kind == "anyone":
		sub.principal = "any account"
	case sub.generic:
		arn, _ := policy.ParseARN(sub.principal)
		sub.principal = "account " + arn.Account
	}
	return sub
}

func (s *space) externalRows(r *compiledPolicy, callerAt int, sub subject, mine permissions, others *company, reach func(callerAt int) permissions, seen map[string]bool) []External {
	var list []External
	for _, row := range s.rows(r, callerAt, sub, mine, others, reach, seen) {
		actions := s.actionsWhere(func(a action) bool { return slices.Contains(row.Actions, a.name) })
		q := s.allowed(r, s.all().With(dimCaller, s.single(dimCaller, callerAt)).With(dimAction, actions))
		q.minus = func(v approximation) []boxes.Box { return slices.Concat(r.denied(v), s.insiders(r)) }
		answer, witness := q.ask()
		if answer != Yes {
			s.noteUnsettled("Whether " + sub.principal + " gets in could not be confirmed.")
			continue
		}
		list = append(list, External{
			Principal: row.Principal, Actions: row.Actions, Decision: row.Decision, Conditions: row.Conditions,
			Witness: s.report(witness), Statements: row.Statements, Except: row.Except,
		})
	}
	return list
}
