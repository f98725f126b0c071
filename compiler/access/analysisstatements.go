package access

import (
	"cmp"
)

// Statements says what each statement does.
func (a *Analysis) Statements() []StatementReport { return a.statements() }

func (a *Analysis) findStatements() []StatementReport {
	lists := answers(a, AskStatements, shareStatements, func(v assumption) []StatementReport { return v.s.statementReports(v.r) }, a.unknownStatements)
	out := lists[0]
	for _, list := range lists[1:] {
		for j := range out {
			if out[j].Status != list[j].Status {
				out[j].Status, out[j].By, out[j].Blame, out[j].Why = StatusUnknown, []int{}, nil, reasonOwner
			}
		}
	}
	for _, st := range out {
		if st.Status == StatusUnknown && len(st.Unsent) > 0 { // the statement says it
			a.kinds[AskStatements] = cmp.Or(a.kinds[AskStatements], ReasonOpen)
		} else if st.Status == StatusUnknown {
			a.note(AskStatements)
			if st.Why == reasonOwner {
				a.unsettle(AskStatements, ReasonNotYetKnown, "What some statements do: it depends on the key's account, which is not known.")
			}
		}
	}
	if out == nil {
		out = []StatementReport{}
	}
	return out
}

func (a *Analysis) unknownStatements() []StatementReport {
	list := make([]StatementReport, len(a.doc.Statements))
	for i := range list {
		src := &a.doc.Statements[i]
		list[i] = StatementReport{Index: src.Index, Sid: src.Sid.Value, Status: StatusUnknown, By: []int{}, Why: reasonSearch, Path: src.Path}
	}
	return list
}
