package access

import (
	"cmp"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/policy"
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
	for i := range out {
		a.mayNameEveryone(&out[i])
	}
	for _, st := range out {
		if st.Status == StatusUnknown && len(st.Unsent) > 0 { // the statement says it
			a.kinds[AskStatements] = cmp.Or(a.kinds[AskStatements], ReasonOpen)
		} else if st.Status == StatusUnknown {
			a.note(AskStatements)
			if st.Why == reasonOwner {
				a.unsettle(AskStatements, accountReason("What some statements do"))
			}
		}
	}
	if out == nil {
		out = []StatementReport{}
	}
	return out
}

// mayNameEveryone leaves open whether a statement matches anything that would if its principal, which is not known, is "*".
// A role that is not known yet is represented by a role that nobody is named like, which no other condition of the
// statement may fit. If the value turns out to be "*", the statement does match, so "never matches" would be a
// false alarm in a module that is used with both.
func (a *Analysis) mayNameEveryone(st *StatementReport) {
	src := &a.doc.Statements[st.Index]
	if st.Status != NeverMatches || !slices.ContainsFunc(src.Principals, mayBeEveryone) {
		return
	}
	var hole policy.Principal
	doc := namePrincipals(a.doc, func(statement int, p policy.Principal) string {
		if statement != st.Index || !mayBeEveryone(p) {
			return ""
		}
		hole = p
		return "*"
	})
	if NewAnalysis(doc, a.env).Statements()[st.Index].Status == NeverMatches {
		return
	}
	reason := notKnown("Statement "+src.Label(), "principal", hole.Parts, hole.Text)
	st.Status, st.By, st.Blame, st.Why = StatusUnknown, []int{}, nil, reason.Text
	const question = "What some statements do: "
	reason.Text, reason.About = question+reason.Text, question+reason.About
	a.unsettle(AskStatements, reason)
}

func mayBeEveryone(p policy.Principal) bool {
	return p.Parts.Whole() != nil && p.Parts.MayHaveWildcards() && (p.Element == "AWS" || p.Element == "")
}

func (a *Analysis) unknownStatements() []StatementReport {
	list := make([]StatementReport, len(a.doc.Statements))
	for i := range list {
		src := &a.doc.Statements[i]
		list[i] = StatementReport{Index: src.Index, Sid: src.Sid.Value, Status: StatusUnknown, By: []int{}, Why: reasonSearch, Path: src.Path}
	}
	return list
}
