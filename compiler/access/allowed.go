package access

import (
	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// allowed asks for a request that is allowed, by itself or with an identity policy.
// Whether an identity policy lets the caller is outside of what a key policy says. So "allowed" counts a request
// that only needs one: for who gets in and for lockout alike, the account that the key policy delegates to can
// write it.
func (s *space) allowed(r *compiledPolicy, where boxes.Box) question {
	return question{
		s: s, where: where, exact: r.exact, whole: true,
		from:    func(v approximation) []boxes.Box { return r.allowed(delegated, v) },
		minus:   r.denied,
		confirm: func(req *request) bool { return getsIn(r.m.evaluate(req).decision) },
	}
}

func getsIn(d Decision) bool { return d == Allowed || d == NeedsIdentityPolicy }

// refused asks for a request that is not allowed at a level.
// It asks the complement: everything, less what is allowed and not denied. The confirmation looks at the level,
// because a caller of a delegated statement is refused only as far as the key policy by itself goes.
func (s *space) refused(r *compiledPolicy, where boxes.Box, at level) question {
	return question{
		s: s, where: where, exact: r.exact, documented: true,
		from:  func(approximation) []boxes.Box { return []boxes.Box{s.all()} },
		minus: func(v approximation) []boxes.Box { return s.allowedMinusDenied(r, where, at, v) },
		confirm: func(req *request) bool {
			d := r.m.evaluate(req).decision
			return d == ExplicitDeny || d == ImplicitDeny || at == direct && d == NeedsIdentityPolicy
		},
	}
}

// against is how what is taken away is to be read where what it is taken from is read so.
// A difference is largest where much is given and little is taken away. So to be sure of a request that is left,
// what is given must be taken at its least (must) and what is taken away at its most (may), and the other way
// round to be sure that none is left.
func against(v approximation) approximation {
	return [...]approximation{repMust: repMay, repMay: repMust, classMust: classMay, classMay: classMust}[v]
}

// allowedMinusDenied are disjoint boxes of what is allowed at a level and not denied.
func (s *space) allowedMinusDenied(r *compiledPolicy, where boxes.Box, at level, v approximation) []boxes.Box {
	return s.without(boxes.MeetAll(r.allowed(at, v), where), boxes.NewUnion(boxes.MeetAll(r.denied(against(v)), where)))
}
