package rules

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// How the answers of access are written for rules. The schemas in input say what each field is.

// known adds a text, unless there is none.
func (b *builder) known(name, value string) {
	if value != "" {
		b.text(name, value)
	}
}

// witness adds a request, unless there is none.
func (b *builder) witness(name string, w *diag.Witness) {
	if w != nil {
		b.add(name, witnessTerm(*w))
	}
}

func witnessTerm(w diag.Witness) *ast.Term {
	return record("principal", w.Principal, "action", w.Action, "context", object(byName(w.Context, texts)...))
}

// byName makes a member of each entry of a map.
func byName[T any](all map[string]T, term func(T) *ast.Term) []member {
	members := make([]member, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		members = append(members, field(name, term(all[name])))
	}
	return members
}

func externalTerm(e access.External) *ast.Term {
	return record("principal", e.Principal, "actions", e.Actions, "decision", string(e.Decision),
		"conditions", conditionsOf(e.Conditions), "witness", witnessTerm(e.Witness), "statements", numbers(e.Statements))
}

func deputyTerm(d access.Deputy) *ast.Term {
	return record("service", d.Service, "statements", numbers(d.Statements), "witness", witnessTerm(d.Witness))
}

func rowTerm(r access.Row) *ast.Term {
	return record("principal", r.Principal, "kind", r.Kind, "actions", r.Actions, "decision", string(r.Decision),
		"conditions", conditionsOf(r.Conditions), "statements", numbers(r.Statements))
}

func ableTerm(a access.Able) *ast.Term {
	b := fields(nil).object(7)
	b.members = append(b.members, pairs(
		"read_policy", string(a.ReadPolicy), "describe", string(a.Describe), "schedule_deletion", string(a.ScheduleDeletion),
		"cancel_deletion", string(a.CancelDeletion), "enable", string(a.Enable), "use", string(a.Use),
	)...)
	b.known("undecided", string(a.Undecided))
	return b.object()
}

func unattestedTerm(u access.Unattested) *ast.Term {
	b := fields(nil).object(4)
	b.add("direct", numbers(u.Direct))
	b.add("delegated", numbers(u.Delegated))
	b.witness("witness", u.Witness)
	b.known("undecided", string(u.Undecided))
	return b.object()
}

// conditionsOf writes contexts: nothing where all fit.
func conditionsOf(c access.Conditions) *ast.Term {
	b := fields(nil).object(2)
	b.known("text", c.Text)
	if len(c.AnyOf) > 0 {
		b.add("any_of", terms(c.AnyOf, func(all map[string]access.Constraint) *ast.Term { return object(byName(all, constraintTerm)...) }))
	}
	return b.object()
}

func constraintTerm(c access.Constraint) *ast.Term {
	b := fields(nil).object(5)
	b.text("operator", c.Operator)
	b.add("values", texts(c.Values))
	b.truth("absent", c.Absent)
	if len(c.And) > 0 {
		b.add("and", terms(c.And, comparisonTerm))
	}
	if len(c.Not) > 0 {
		b.add("not", terms(c.Not, comparisonTerm))
	}
	return b.object()
}

func comparisonTerm(c access.Comparison) *ast.Term {
	return record("operator", c.Operator, "values", c.Values)
}
