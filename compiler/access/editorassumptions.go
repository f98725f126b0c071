package access

import (
	"maps"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// editorPart is a part of the policy that the questions of editors are asked of.
// Lockout is the question that must not be unknown: for the others an unknown is a nuisance, and here it hides a
// lost key.
type editorPart struct {
	assumptions []assumption
	// everyAllow says that no statement is left out that lets somebody change the policy.
	everyAllow bool
	whole      bool
}

// askEditors asks a question of editors: of the whole policy, and, where that is more than the budget suffices for, of the statements
// that have a say in kms:PutKeyPolicy. These decide as the whole policy does: a request is decided by the statements that match
// it, and a statement matches only requests for its own actions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
//
// Where they are too many as well, an unconditional Allow for the account answers without looking at any caller, if no Deny has
// a say: the account's root user and everyone whom an identity policy lets then change the policy in every context, and other
// Allow statements could only add to that. What they add for a caller, they would say: everyAllow is false.
func askEditors[T any](a *Analysis, q Question, ask func(part editorPart) T) T {
	before := maps.Clone(a.unsettled)
	var out T
	var found bool
	var unsettled, why reasons // with what was found
	for _, of := range a.editorParts {
		part, ok := of()
		if !ok {
			continue
		}
		a.unsettled = maps.Clone(before)
		delete(a.kinds, q)
		delete(a.why, q)
		answer := ask(part)
		if a.kinds[q] != ReasonBudget {
			return answer
		}
		if !found {
			out, unsettled, why, found = answer, a.unsettled, a.why[q], true
		}
	}
	if !found {
		return ask(editorPart{assumptions: a.assumptions(), everyAllow: true, whole: true})
	}
	a.unsettled, a.why[q], a.kinds[q] = unsettled, why, ReasonBudget
	return out
}

// partsForEditors are the parts, the largest first, each of which is made when it is asked for; ok is false of one that does not suffice
// for an answer, or is more than the budget suffices for. A question has its share again for each.
func (a *Analysis) partsForEditors() []func() (part editorPart, ok bool) {
	return []func() (editorPart, bool){
		func() (editorPart, bool) {
			return editorPart{assumptions: a.assumptions(), everyAllow: true, whole: true}, !anySpent(a.assumptions())
		},
		sync.OnceValues(func() (editorPart, bool) {
			assumptions, ok := a.narrowedAssumptions((*model).keepEditing)
			return editorPart{assumptions: assumptions, everyAllow: true}, ok
		}),
		sync.OnceValues(func() (editorPart, bool) {
			assumptions, ok := a.narrowedAssumptions((*model).keepDelegation)
			return editorPart{assumptions: assumptions}, ok
		}),
	}
}

// narrowedAssumptions are the assumptions of a part of the policy; ok is false where the part does not suffice for an answer, or is more than
// the budget suffices for. Where the whole policy is more than that, they take what the questions would that it leaves without an answer.
func (a *Analysis) narrowedAssumptions(narrow func(m *model) (ok bool)) (assumptions []assumption, ok bool) {
	of := shareNarrowed
	if anySpent(a.assumptions()) {
		of = shareBuild / 2
	}
	ok = true
	assumptions = a.buildAssumptions(a.env, of, func(m *model) { ok = narrow(m) && ok })
	return assumptions, ok && !anySpent(assumptions)
}

func anySpent(assumptions []assumption) bool {
	for _, v := range assumptions {
		if v.s.spent {
			return true
		}
	}
	return false
}

// keepEditing silences the statements that surely have no say in kms:PutKeyPolicy.
func (m *model) keepEditing() (ok bool) {
	put := putAction()
	for i := range m.statements {
		if st := &m.statements[i]; len(st.unreadable) == 0 && st.actionMatch(put) == no {
			st.silence()
		}
	}
	return true
}

// keepDelegation keeps the account's unconditional statements. They suffice if there is one and no Deny has a say.
// It is the statement of AWS's default key policy, "Enable IAM User Permissions", which nearly all large policies
// have as their first.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (m *model) keepDelegation() (ok bool) {
	m.keepEditing()
	root := &caller{kind: callerRoot, partition: m.partition, account: m.owner}
	denied := false
	for i := range m.statements {
		st := &m.statements[i]
		denied = denied || st.deny
		if st.allow && !st.deny && m.delegates(st, root) {
			ok = true
		} else {
			st.silence()
		}
	}
	return ok && !denied && len(m.unreadable) == 0
}

// delegates reports whether a statement, for sure and in every context, allows the account to put the policy, and names nobody else.
func (m *model) delegates(st *statement, root *caller) bool {
	return len(st.src.Principals) == 1 && st.src.Principals[0].Kind == policy.Account && len(st.unreadable) == 0 && !st.src.Has("Condition") &&
		st.actionMatch(putAction()) == yes && st.resource == yes && m.principalAt(st, root, direct) == yes
}

// silence takes everything from a statement that the policy could be asked for.
func (st *statement) silence() {
	*st = statement{src: &policy.Statement{Index: st.index, Path: st.src.Path, Sid: st.src.Sid}, index: st.index, unreadable: map[string]bool{}, resource: no}
}

func putAction() action {
	known, _ := facts.LookupAction(putKeyPolicy)
	return actionOf(known)
}
