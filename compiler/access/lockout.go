package access

import (
	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// lockout asks who of the key's account can put a policy.
// Only the key's own account counts: no statement can let another account's principal call kms:PutKeyPolicy, as
// the action does not cross accounts. So a policy with perfect access for a central account can be one that nobody
// changes again.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
// Durable is the question that KMS's own check does not ask: whether somebody is left when all users and roles
// that the policy names are deleted. A policy names roles by ARN, and a role that is made again under the same
// name is another principal to AWS's stored policies, which keep its unique id.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
func (s *space) lockout(r *compiledPolicy) Lockout {
	put := s.actionsWhere(func(a action) bool { return a.name == putKeyPolicy })
	own := s.callersWhere(func(c *caller) bool { return c.kind != callerService && c.account == r.m.owner })
	l := Lockout{Editors: EditorsNone, Caller: CallerUnknown, Principals: []string{}, DurableAnswer: No, RootUserAnswer: No}
	answer, witness := s.documented(s.allowed(r, s.ahead().With(dimAction, put).With(dimCaller, own)))
	switch answer {
	case Unknown:
		l.Editors, l.DurableAnswer, l.RootUserAnswer = EditorsUnknown, Unknown, Unknown
	case Yes:
		w := s.report(witness)
		l.Witness, l.Editors = &w, EditorsConditional
	case No:
	}
	if answer != No {
		l.RootUserAnswer = s.canPut(r, put, func(c *caller) bool { return c.kind == callerRoot && c.account == r.m.owner })
		unnamed := s.callersWhere(func(c *caller) bool { return s.isGeneric(c) && c.account == r.m.owner })
		l.DurableAnswer, _ = s.documented(s.allowed(r, s.withoutIDs(s.ahead().With(dimAction, put).With(dimCaller, unnamed))))
		switch {
		case l.RootUserAnswer == Yes:
			l.DurableAnswer = Yes // the root user cannot be deleted
		case l.RootUserAnswer == Unknown && l.DurableAnswer == No:
			l.DurableAnswer = Unknown
		}
		l.Durable, l.RootUser = l.DurableAnswer == Yes, l.RootUserAnswer == Yes
	}
	l.ByIdentityPolicy = s.editorStatus(r, put, s.callersWhere(func(c *caller) bool { return s.isGeneric(c) && c.account == r.m.owner }))
	if answer == Yes && !within(func() { s.editors(r, put, own, &l) }) {
		s.noteLimit(reasonSearch) // somebody can, and whether in every context is not worked out
		l.Editors, l.Conditions = EditorsUnknown, Conditions{}
	}
	return l
}

// withoutIDs leaves out the ids of users and roles that the policy names: an id goes with its user or role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func (s *space) withoutIDs(b boxes.Box) boxes.Box {
	d := s.dim(keyUserID)
	if d == nil {
		return b
	}
	return b.With(s.index[keyUserID], d.where(func(a class) bool { return !s.namesClass(d, a) }))
}
