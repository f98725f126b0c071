package access

import (
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// exemption is what a NotPrincipal's list says of one caller.
// NotPrincipal is the one element that AWS compares with the caller as a list and not entry by entry: a role's
// session is exempt for sure only if its account, its role and itself are all listed. Policies that list the role
// only, which reads right, can deny everybody.
type exemption struct {
	anyone  tri
	account tri  // its account is listed
	own     tri  // it is listed itself
	role    tri  // of a session: its role is listed
	others  tri  // others of its account are listed
	fellows bool // other sessions of its role are listed
}

// exempts reports whether a NotPrincipal's list takes a caller out of a Deny. By AWS's page its account and it itself must be
// listed, and of a session its role too; where they are and others are not, those are denied though their account is
// listed. What happens where but a part is listed is left open: AWS may look at the account first and deny all of it. A
// principal with a permissions boundary is denied whatever is listed, which the key policy does not show.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (m *model) exempts(st *statement, c *caller) tri {
	e := m.exemption(st, c)
	switch {
	case e.anyone != no:
		return e.anyone
	case c.kind == callerService:
		return e.own
	case c.kind == callerRoot && e.others != no:
		return e.account.and(maybe) // its ARN is listed, and it is none of those that AWS's example leaves
	case c.kind == callerRoot:
		return e.account
	}
	listed := e.own.or(e.role)
	all := e.own.and(e.account)
	if c.kind == callerSession {
		all = all.and(e.role)
	}
	switch {
	case all == yes:
		return yes
	case listed == no && (e.account == no || e.others == yes):
		return no
	case e.own == no && e.account == yes && e.role == yes && e.fellows:
		return no
	}
	return maybe
}

func (m *model) exemption(st *statement, c *caller) exemption {
	var e exemption
	list, looks := st.src.NotPrincipals, st.looks[len(st.src.Principals):]
	for i := range list {
		p := &list[i]
		t, _ := m.matchPrincipal(p, looks[i], c)
		switch {
		case p.Kind == policy.Anyone:
			e.anyone = e.anyone.or(t)
		case looks[i].wild: // it may be the account, the role or the caller
			e.account, e.role, e.own = e.account.or(t), e.role.or(t), e.own.or(t)
		case p.Kind == policy.Account:
			e.account = e.account.or(t)
		case p.Kind == policy.Role:
			e.role = e.role.or(t)
		case p.Kind == policy.User && c.kind == callerFederated:
			e.own = e.own.or(t.and(maybe))
		default:
			e.own = e.own.or(t)
		}
		switch {
		case looks[i].open != nil:
			e.others = e.others.or(maybe)
		case t == no && p.Account == c.account:
			e.others = e.others.or(truth(p.Kind == policy.User || p.Kind == policy.Role || p.Kind == policy.Session || p.Kind == policy.FederatedUser))
			e.fellows = e.fellows || p.Kind == policy.Session && p.Name == c.name
		}
	}
	return e
}
