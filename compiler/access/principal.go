package access

import (
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// level is how far an Allow goes.
type level uint8

const (
	none      level = iota
	delegated       // with an identity policy
	direct          // by itself
)

// matchPrincipal says whether an entry of Principal stands for a caller, and how far an Allow of it goes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (m *model) matchPrincipal(p *policy.Principal, wild bool, c *caller) (tri, level) {
	if p.Kind == policy.Anyone {
		return yes, direct
	}
	if c.kind == callerService {
		switch {
		case p.Kind != policy.Service:
			return no, none
		case wild || p.Text == "*":
			return truth(foldGlob(p.Text).match(c.name)).and(maybe), direct
		}
		return truth(p.Text == c.name), direct
	}
	switch p.Kind {
	case policy.Federated, policy.CanonicalUser:
		return truth(c.kind == callerSession || c.kind == callerFederated).and(maybe), direct
	case policy.UniqueID, policy.Group, policy.Service, policy.Unknown, policy.Anyone:
		return no, none // deleted, or no principal of a key policy
	case policy.Account, policy.User, policy.Role, policy.Session, policy.FederatedUser, policy.OtherARN:
	}
	if wild {
		return m.matchWildcard(p, c), direct
	}
	if p.Account != c.account || p.Partition != "" && p.Partition != c.partition {
		return no, none
	}
	switch p.Kind {
	case policy.Account:
		if c.kind == callerRoot {
			return yes, direct
		}
		return yes, delegated
	case policy.User: // a federated user's session stands for the user of its name too
		same := c.kind == callerUser && p.NamePath == c.path || c.kind == callerFederated
		return truth(same && p.Name == c.name), direct
	case policy.Role:
		return truth(c.kind == callerSession && p.NamePath == c.path && p.Name == c.name), direct
	case policy.Session:
		return truth(c.kind == callerSession && p.Name == c.name && p.Session == c.session), direct
	case policy.FederatedUser:
		return truth(c.kind == callerFederated && p.Name == c.name), direct
	case policy.Anyone, policy.Service, policy.Federated, policy.CanonicalUser, policy.UniqueID, policy.Group, policy.OtherARN, policy.Unknown:
	}
	return no, none
}

// matchWildcard: KMS refuses a wildcard in a principal, so what it would match is not known.
func (m *model) matchWildcard(p *policy.Principal, c *caller) tri {
	account := p.Kind == policy.Account && facts.Glob(p.Text, policy.AccountARN(c.partition, c.account))
	return truth(account || facts.Glob(p.Text, c.arn()) || facts.Glob(p.Text, c.principalARN())).and(maybe)
}

// exempts says whether a NotPrincipal's list takes the caller out of a Deny. AWS wants the account's ARN in the list too;
// without it the caller may be denied all the same.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (m *model) exempts(st *statement, c *caller) tri {
	list, wild := st.src.NotPrincipals, st.wild[len(st.src.Principals):]
	listed, account := no, no
	for i := range list {
		t, l := m.matchPrincipal(&list[i], wild[i], c)
		listed = listed.or(t)
		if list[i].Kind == policy.Anyone || list[i].Kind == policy.Account && l != none {
			account = account.or(t)
		}
	}
	if c.kind == callerService || account == yes {
		return listed
	}
	return listed.and(maybe)
}
