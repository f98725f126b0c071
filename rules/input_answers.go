package rules

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// How the answers of access are written for rules. The schemas in input say what each field is.

func externalTerm(e access.External) *ast.Term {
	return record("principal", e.Principal, "actions", e.Actions, "decision", e.Decision,
		"conditions", conditionsOf(e.Conditions), "witness", e.Witness, "statements", e.Statements)
}

func deputyTerm(d access.Deputy) *ast.Term {
	return record("service", d.Service, "statements", d.Statements, "witness", d.Witness)
}

func rowTerm(r access.Row) *ast.Term {
	return record("principal", r.Principal, "kind", r.Kind, "actions", r.Actions, "decision", r.Decision,
		"conditions", conditionsOf(r.Conditions), "statements", r.Statements)
}

func ableTerm(a access.Able) *ast.Term {
	return record("read_policy", a.ReadPolicy, "describe", a.Describe, "schedule_deletion", a.ScheduleDeletion,
		"cancel_deletion", a.CancelDeletion, "enable", a.Enable, "use", a.Use, "undecided", known(a.Undecided))
}

func unattestedTerm(u access.Unattested) *ast.Term {
	return record("direct", u.Direct, "delegated", u.Delegated, "witness", u.Witness, "undecided", known(u.Undecided))
}

// conditionsOf writes contexts: nothing where all fit.
func conditionsOf(c access.Conditions) *ast.Term {
	return record("text", known(c.Text), "any_of", some(c.AnyOf, func(all map[string]access.Constraint) *ast.Term { return byName(all, constraintTerm) }))
}

func constraintTerm(c access.Constraint) *ast.Term {
	return record("operator", c.Operator, "values", c.Values, "absent", c.Absent, "and", some(c.And, comparisonTerm), "not", some(c.Not, comparisonTerm))
}

func comparisonTerm(c access.Comparison) *ast.Term {
	return record("operator", c.Operator, "values", c.Values)
}

func reasonTerm(r access.Reason) *ast.Term { return record("kind", r.Kind, "text", r.Text) }
