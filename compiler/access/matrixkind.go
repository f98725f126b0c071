package access

import (
	"cmp"
)

// isGenericFederated: a federated user that no policy names.
func (s *space) isGenericFederated(c *caller) bool {
	return c.kind == callerFederated && c.name == s.fresh
}

// kindSubject is all users, all roles or all federated users of an account, or of any.
func (s *space) kindSubject(c *caller) subject {
	if c.kind == callerService {
		return subject{principal: AnyOtherService, kind: c.kindName(), shown: true}
	}
	all := *c
	all.path, all.name = "", "*"
	if !s.naming.accounts[c.account] {
		all.account = cmp.Or(s.accountPattern(c.account), "*")
	}
	return subject{principal: all.principalARN(), kind: c.kindName(), shown: true}
}

// sameKind is what a caller of the kind may do in an account that nothing names.
func (s *space) sameKind(reaches []permissions, c *caller) permissions {
	fresh := freshAccount(s.accountList())
	for i := range s.callers {
		if o := &s.callers[i]; o.account == fresh && o.kind == c.kind && (o.kind == callerRoot || s.isGeneric(o) || s.isGenericFederated(o)) {
			return reaches[i]
		}
	}
	return permissions{}
}

func (s *space) accountList() []string {
	var list []string
	for a := range s.naming.accounts {
		list = append(list, a)
	}
	return list
}

// common is what both may do.
func common(a, b permissions) permissions {
	out := permissions{Allowed: {}, NeedsIdentityPolicy: {}}
	for d, actions := range a {
		for i, x := range actions {
			if y, ok := b[d][i]; ok && x.same(y) {
				out[d][i] = x
			}
		}
	}
	return out
}

// beyond is what one may do and not the other too.
func beyond(mine, base permissions) permissions {
	return mine.where(func(d Decision, i int, x access) bool {
		y, ok := base[d][i]
		return !ok || !x.within(y)
	})
}

// rootBeyond is what a root user may do beyond what others of an account may. What these need an identity policy for it
// does by itself, so decisions do not count; nor do contexts in which it never is.
// The root user of an account is what a statement for the account names, so it is allowed directly what others
// there need an identity policy for. To list that as something more would print each delegated action twice.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func rootBeyond(mine, base permissions) permissions {
	return mine.where(func(_ Decision, i int, x access) bool {
		for _, y := range []access{base[Allowed][i], base[NeedsIdentityPolicy][i]} {
			if len(y.total) > 0 && x.covers(y.total) && x.deniedLike(y) {
				return false
			}
		}
		return true
	})
}
