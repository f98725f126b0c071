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

func (s *space) accountList() []string {
	var list []string
	for a := range s.naming.accounts {
		list = append(list, a)
	}
	return list
}

// common is what both may do, in the words of one.
func (t *table) common(one, other permissions) permissions {
	return one.where(func(d Decision, i int, x *access) bool {
		y := other.of(d, i)
		return y != nil && t.alike(t.wordingOf(one.callerAt, d, x, i), x, y, other.callerAt, i)
	})
}
