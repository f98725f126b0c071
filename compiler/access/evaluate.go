package access

import "slices"

// verdict is the decision on one request with what it rests on.
type verdict struct {
	decision   Decision
	statements []int // their places in the model
	reasons    []string
	kind       ReasonKind // of an undecided one: what would settle it
}

// evaluate decides one request. It is the one evaluator: the analyses ask it too.
// It decides as AWS's page on evaluation has it for one resource policy: a Deny that matches ends it, then an
// Allow, then the implicit deny. The steps that need other policies are not taken but named in the decision
// (NeedsIdentityPolicy).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (m *model) evaluate(r *request) verdict { return m.evaluateBut(r, nil) }

// evaluateBut decides as if some statements were not there.
// Deny beats Allow also among what is not known: a Deny that matches surely decides whatever else is open, and one
// that matches maybe leaves open whatever is allowed.
func (m *model) evaluateBut(r *request, without map[int]bool) verdict {
	if !r.action.effective {
		return verdict{decision: ImplicitDeny, reasons: []string{"A key policy does not apply to " + r.action.name + ": only identity policies can allow it."}}
	}
	var deny, maybeDeny, unsure []int
	sure, possible := none, none
	var levels []level // by statement; nil where none allows it surely
	for i := range m.statements {
		st := &m.statements[i]
		if without[i] {
			continue
		}
		if st.deny {
			switch m.match(st, r, delegated) {
			case yes:
				if !st.allow {
					deny = append(deny, i)
					continue
				}
				maybeDeny = append(maybeDeny, i)
			case maybe:
				maybeDeny = append(maybeDeny, i)
			case no:
			}
		}
		if st.allow {
			m.allowLevels(i, r, &levels, &sure, &possible, &unsure)
		}
	}
	if len(deny) > 0 {
		return verdict{decision: ExplicitDeny, statements: deny}
	}
	return m.conclude(r, levels, sure, possible, maybeDeny, unsure)
}

// allowLevels takes down what an Allow comes to, by the statement's place in the model.
func (m *model) allowLevels(place int, r *request, levels *[]level, sure, possible *level, unsure *[]int) {
	st := &m.statements[place]
	for at := direct; at >= delegated; at-- {
		t := m.match(st, r, at)
		if t == yes && st.deny {
			t = maybe // the effect could not be read
		}
		got, unclear := m.effect(at, r)
		if t == no || got == none {
			continue
		}
		*possible = max(*possible, got)
		if t == yes && !unclear {
			*sure = max(*sure, got)
			if *levels == nil {
				*levels = make([]level, len(m.statements))
			}
			(*levels)[place] = max((*levels)[place], got)
			return
		}
		*unsure = append(*unsure, place)
	}
}

// effect is what an Allow at a level comes to for a caller: another account can use some actions only, and its users and
// roles always need an identity policy too. Its root user has none that could allow or limit it.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
// A key policy that names a user of another account is one half of what he needs: the other half is in his own
// account, where somebody else decides. So naming him directly comes to no more than delegation.
func (m *model) effect(at level, r *request) (got level, unclear bool) {
	if r.caller.kind == callerService || r.caller.account == m.owner {
		return at, false
	}
	if r.action.cross == no {
		return none, false
	}
	if r.caller.kind == callerRoot {
		return at, r.action.cross == maybe
	}
	return delegated, r.action.cross == maybe
}

// An Allow that matches maybe is harmless where another allows as much surely; only where the best that is
// possible exceeds the best that is sure does it matter.
func (m *model) conclude(r *request, levels []level, sure, possible level, maybeDeny, unsure []int) verdict {
	if len(maybeDeny) > 0 || sure != possible || len(m.unreadable) > 0 {
		return m.undecided(r, slices.Concat(maybeDeny, unsure))
	}
	v := verdict{decision: [...]Decision{ImplicitDeny, NeedsIdentityPolicy, Allowed}[sure]}
	for i, l := range levels {
		if l == sure && sure != none {
			v.statements = append(v.statements, i)
		}
	}
	return v
}

func (m *model) undecided(r *request, statements []int) verdict {
	slices.Sort(statements)
	v := verdict{decision: Undecided, statements: slices.Compact(statements)}
	why := reasons{}
	for _, text := range m.unreadable {
		why.add(ReasonOpen, text)
	}
	for _, i := range v.statements {
		for _, reason := range m.why(&m.statements[i], r) {
			why.add(reason.Kind, reason.Text)
		}
	}
	if r.action.cross == maybe && len(why) == 0 {
		why.add(ReasonOpen, "Whether another account can use "+r.action.name+" is not known.")
	}
	v.reasons, v.kind = sortedKeys(why), why.heaviest()
	return v
}
