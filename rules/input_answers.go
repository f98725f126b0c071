package rules

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// How the answers of access are written for rules. The schemas in input say what each field is.

func externalTerm(e access.External) *ast.Term {
	return object(every.text("principal", e.Principal), every.texts("actions", e.Actions), every.text("decision", string(e.Decision)),
		every.term("conditions", conditionsOf(e.Conditions)), every.witness("witness", &e.Witness), every.numbers("statements", e.Statements))
}

func deputyTerm(d access.Deputy) *ast.Term {
	return object(
		every.text("service", d.Service), every.numbers("statements", d.Statements), every.witness("witness", &d.Witness),
	)
}

func rowTerm(r access.Row) *ast.Term {
	return object(every.text("principal", r.Principal), every.text("kind", r.Kind), every.texts("actions", r.Actions), every.text("decision", string(r.Decision)),
		every.term("conditions", conditionsOf(r.Conditions)), every.numbers("statements", r.Statements))
}

func ableTerm(a access.Able) *ast.Term {
	return object(every.text("read_policy", string(a.ReadPolicy)), every.text("describe", string(a.Describe)), every.text("schedule_deletion", string(a.ScheduleDeletion)),
		every.text("cancel_deletion", string(a.CancelDeletion)), every.text("enable", string(a.Enable)), every.text("use", string(a.Use)), every.known("undecided", string(a.Undecided)))
}

func unattestedTerm(u access.Unattested) *ast.Term {
	return object(
		every.numbers("direct", u.Direct), every.numbers("delegated", u.Delegated), every.witness("witness", u.Witness),
		every.known("undecided", string(u.Undecided)),
	)
}

// conditionsOf writes contexts: nothing where all fit.
func conditionsOf(c access.Conditions) *ast.Term {
	return object(
		every.known("text", c.Text),
		every.term("any_of", some(c.AnyOf, func(all map[string]access.Constraint) *ast.Term { return byName(all, constraintTerm) })),
	)
}

func constraintTerm(c access.Constraint) *ast.Term {
	return object(
		every.text("operator", c.Operator), every.texts("values", c.Values), every.truth("absent", c.Absent),
		every.term("and", some(c.And, comparisonTerm)), every.term("not", some(c.Not, comparisonTerm)),
	)
}

func comparisonTerm(c access.Comparison) *ast.Term {
	return object(every.text("operator", c.Operator), every.texts("values", c.Values))
}

func reasonTerm(r access.Reason) *ast.Term {
	return object(
		every.text("kind", string(r.Kind)), every.text("text", r.Text), every.text("detail", r.Detail()), every.text("source", string(r.Source)),
		every.truth("restates", r.Restates),
	)
}
