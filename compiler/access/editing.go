package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// Editing says more than Lockout does of who can change the policy.
// Account is what survives people: named roles are deleted, and a policy that only they can change is lost with
// them. Undenied is for the message: whose Deny is to be lifted, where an Allow is there and does not help.
type Editing struct {
	// Account is what a user or a role of the key's account can that the policy does not name, with an identity policy
	// that lets it: what is left when everyone who is named has gone.
	Account Editors
	// Undenied is what anyone of the account could, were there no Deny statements.
	Undenied Editors
	// DeniedBy are the Deny statements that make the difference, each by itself or, where none does, all together.
	DeniedBy []int
}

// Editing says who else can change the policy, and whose Deny takes it.
func (a *Analysis) Editing() Editing { return a.editing.ask(a.findEditing) }

func (a *Analysis) findEditing() Editing { return askEditors(a, AskEditing, a.editingOf) }

func (a *Analysis) editingOf(part editorPart) Editing {
	var out Editing
	unknown := func() Editing { return Editing{Account: EditorsUnknown, Undenied: EditorsUnknown, DeniedBy: []int{}} }
	list := answersOf(a, part.assumptions, AskEditing, shareEditing, func(v assumption) Editing { return v.s.editing(v.r) }, unknown)
	for i, e := range list {
		if i == 0 {
			out = e
			continue
		}
		if out.Account != e.Account {
			out.Account = EditorsUnknown
		}
		if out.Undenied != e.Undenied {
			out.Undenied, out.DeniedBy = EditorsUnknown, nil
		}
		out.DeniedBy = slices.DeleteFunc(out.DeniedBy, func(i int) bool { return !slices.Contains(e.DeniedBy, i) })
	}
	switch { // as of the lockout
	case slices.ContainsFunc(list, isOpenEditing):
		a.noteOf(part.assumptions, AskEditing)
	case isOpenEditing(out):
		a.unsettle(AskEditing, accountReason("Who can change the policy"))
	}
	return out
}

func isOpenEditing(e Editing) bool {
	return e.Account == EditorsUnknown || e.Undenied == EditorsUnknown
}

// Which Deny is in the way is found by leaving each out and asking again. Where two have to go before anything
// changes, no single one makes a difference and all are named.
func (s *space) editing(r *compiledPolicy) Editing {
	put := s.actionsWhere(func(a action) bool { return a.name == putKeyPolicy })
	own := s.callersWhere(func(c *caller) bool { return c.kind != callerService && c.account == r.m.owner })
	unnamed := s.callersWhere(func(c *caller) bool { return s.isGeneric(c) && c.account == r.m.owner })
	e := Editing{Account: s.editorsIn(r, s.withoutIDs(s.ahead().With(dimAction, put).With(dimCaller, unnamed))), DeniedBy: []int{}}
	var denies []int
	where := s.ahead().With(dimAction, put).With(dimCaller, own)
	for i := range r.deny {
		if len(boxes.MeetAll(r.deny[i][classMay], where)) > 0 {
			denies = append(denies, i)
		}
	}
	now := s.editorStatus(r, put, own)
	if e.Undenied = now; len(denies) == 0 || now == EditorsAlways {
		return e
	}
	if e.Undenied = s.editorStatus(r.without(denies...), put, own); e.Undenied == now {
		return e
	}
	for _, i := range denies {
		if s.editorStatus(r.without(i), put, own) != now {
			e.DeniedBy = append(e.DeniedBy, r.m.statements[i].index)
		}
	}
	if len(e.DeniedBy) == 0 {
		for _, i := range denies {
			e.DeniedBy = append(e.DeniedBy, r.m.statements[i].index)
		}
	}
	return e
}

// without is the policy as if some of its Deny statements were not there.
// The boxes are shared with the whole policy and the classes are its own, finer than needed; compiling again would
// be right too, and cost a share of the budget for each Deny that is tried.
func (r *compiledPolicy) without(gone ...int) *compiledPolicy {
	m := *r.m
	m.statements = slices.Clone(m.statements)
	out := &compiledPolicy{m: &m, allow: r.allow, deny: slices.Clone(r.deny), exact: r.exact, allAllowed: r.allAllowed}
	for _, i := range gone {
		m.statements[i].deny, out.deny[i] = false, part{}
	}
	out.allDenied = joinParts(out.deny)
	return out
}
