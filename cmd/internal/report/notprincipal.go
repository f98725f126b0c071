package report

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// notPrincipalWords are those that a Deny with NotPrincipal is about, and those of whom it is open whether they are exempt.
func (p Policy) notPrincipalWords(list []policy.Principal) (whom string, open []string) {
	if slices.ContainsFunc(list, func(o policy.Principal) bool { return o.Kind == policy.Anyone }) {
		return "nobody", nil
	}
	sure, open := p.spared(list)
	if len(sure) == 0 {
		return "everyone", open
	}
	return "everyone but " + joinSome(sure), open
}

// spared says whom a NotPrincipal exempts from a Deny: those that AWS's page says are, and those of whom it leaves open
// whether they are. An account by itself surely exempts its root user. Next to principals of its own it exempts these, and all its other
// users and roles are denied.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (p Policy) spared(list []policy.Principal) (sure, open []string) {
	for _, one := range list {
		name := p.who(one.Text, "")
		switch one.Kind {
		case policy.Account:
			account := p.who("arn:aws:iam::"+one.Account+":root", "account") // a bare id is not an ARN
			if slices.ContainsFunc(list, func(o policy.Principal) bool { return ofAccount(o, one.Account) }) {
				open = append(open, "the root user of "+account)
			} else {
				sure = append(sure, "the root user of "+account)
				open = append(open, "the users and roles of "+account)
			}
			continue
		case policy.Role:
			if !spares(list, one) {
				open = append(open, name)
			}
			continue
		case policy.User, policy.FederatedUser:
			if !one.HasWildcard() && has(list, policy.Account, one.Account, "") {
				sure = append(sure, name)
				continue
			}
		case policy.Session:
			if !one.HasWildcard() && has(list, policy.Account, one.Account, "") && has(list, policy.Role, one.Account, one.Name) {
				sure = append(sure, name)
				continue
			}
		case policy.Service:
			sure = append(sure, name)
			continue
		case policy.Group, policy.OtherARN, policy.UniqueID: // no caller has these
			continue
		case policy.Anyone, policy.Federated, policy.CanonicalUser, policy.Unknown:
		}
		open = append(open, name)
	}
	return sure, open
}

// spares reports whether a role is listed for a session of it, of which all that is asked for is listed: its other sessions are denied.
func spares(list []policy.Principal, role policy.Principal) bool {
	return has(list, policy.Account, role.Account, "") && has(list, policy.Session, role.Account, role.Name)
}

func has(list []policy.Principal, kind policy.PrincipalKind, account, name string) bool {
	return slices.ContainsFunc(list, func(p policy.Principal) bool {
		return p.Kind == kind && p.Account == account && p.Name == name
	})
}

func ofAccount(p policy.Principal, account string) bool {
	switch p.Kind {
	case policy.User, policy.Role, policy.Session, policy.FederatedUser:
		return p.Account == account
	case policy.Anyone, policy.Account, policy.Service, policy.Federated, policy.CanonicalUser, policy.UniqueID, policy.Group, policy.OtherARN, policy.Unknown:
	}
	return false
}
