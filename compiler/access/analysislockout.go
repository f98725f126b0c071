package access

import (
	"slices"
)

// Lockout says who can change the policy.
func (a *Analysis) Lockout() Lockout { return a.lockout() }

func (a *Analysis) findLockout() Lockout {
	l := askEditors(a, AskLockout, a.lockoutOf)
	if l.Editors == EditorsNone || l.DurableAnswer != Unknown && l.RootUserAnswer != Unknown {
		return l
	}
	if doc := a.withOneEditorEach(); doc != nil {
		named := NewAnalysis(doc, a.env).Lockout()
		l.DurableAnswer, l.RootUserAnswer = named.DurableAnswer, named.RootUserAnswer
		l.Durable, l.RootUser = l.DurableAnswer == Yes, l.RootUserAnswer == Yes
	}
	return l
}

// Where Allow statements are left out, the check of KMS is passed or not known, never failed: one of them could
// let the caller pass.
func (a *Analysis) lockoutOf(part editorPart) Lockout {
	var out Lockout
	list := answersOf(a, part.assumptions, AskLockout, shareLockout, func(v assumption) Lockout {
		l := v.s.lockout(v.r)
		if a.env.Caller != "" {
			l.Caller = v.s.callerCheck(v.r, a.env.Caller)
		}
		if !part.everyAllow && l.Caller != CallerPass {
			l.Caller = CallerUnknown
		}
		return l
	}, unknownLockout)
	switch { // other statements may name more of the editors
	case anySpent(a.assumptions()):
		a.unsettled.add(ReasonBudget, reasonBuild)
	case !part.everyAllow:
		a.unsettled.add(ReasonBudget, reasonSearch)
	}
	for i, l := range list {
		if i == 0 {
			out = l
			continue
		}
		foldLockout(&out, l)
	}
	switch { // what is known of each account, and differs, does not depend on what the statements leave open
	case slices.ContainsFunc(list, a.isUnsettled):
		a.noteOf(part.assumptions, AskLockout)
	case a.isUnsettled(out):
		a.unsettle(AskLockout, accountReason("Who can change the policy"))
	}
	if knownOwner(a.env) == "" && len(list) == 1 {
		for i := range out.Principals {
			out.Principals[i] = ownAccount(out.Principals[i])
		}
	}
	out.Durable, out.RootUser = out.DurableAnswer == Yes, out.RootUserAnswer == Yes
	return out
}

func (a *Analysis) isUnsettled(l Lockout) bool {
	return l.Editors == EditorsUnknown || l.DurableAnswer == Unknown || l.RootUserAnswer == Unknown || a.env.Caller != "" && l.Caller == CallerUnknown
}

func unknownLockout() Lockout {
	return Lockout{Editors: EditorsUnknown, ByIdentityPolicy: EditorsUnknown, Caller: CallerUnknown, Principals: []string{}, DurableAnswer: Unknown, RootUserAnswer: Unknown}
}

// That no one is left who can change the policy is the worst thing that a report says, and is said only where it holds for every
// account that the key can be in. The principals are those that can under each.
func foldLockout(out *Lockout, l Lockout) {
	if out.Editors != l.Editors {
		out.Editors, out.Conditions, out.Witness = EditorsUnknown, Conditions{}, nil
	}
	if out.ByIdentityPolicy != l.ByIdentityPolicy {
		out.ByIdentityPolicy = EditorsUnknown
	}
	if out.DurableAnswer != l.DurableAnswer {
		out.DurableAnswer = Unknown
	}
	if out.RootUserAnswer != l.RootUserAnswer {
		out.RootUserAnswer = Unknown
	}
	if out.Caller != l.Caller {
		out.Caller = CallerUnknown
	}
	out.Principals = slices.DeleteFunc(out.Principals, func(p string) bool { return !slices.Contains(l.Principals, p) })
}
