package push

import (
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// pinnedDifference is what a put changes, as a plan file has it.
type pinnedDifference struct {
	Equivalent bool           `json:"equivalent"`
	Added      []pinnedChange `json:"added"`
	Removed    []pinnedChange `json:"removed"`
	Future     []pinnedChange `json:"future"`
	Unknown    []pinnedReason `json:"unknown"`
	Remarks    []string       `json:"remarks,omitempty"`
}

type pinnedChange struct {
	Principal  string           `json:"principal"`
	Kind       string           `json:"kind"`
	Actions    []string         `json:"actions"`
	Decision   access.Decision  `json:"decision"`
	Was        access.Decision  `json:"was"`
	Conditions pinnedConditions `json:"conditions"`
	Witness    pinnedWitness    `json:"witness"`
}

type pinnedConditions struct {
	Text  string                        `json:"text,omitempty"`
	AnyOf []map[string]pinnedConstraint `json:"any_of,omitempty"`
}

type pinnedConstraint struct {
	pinnedComparison
	Absent bool               `json:"absent"`
	And    []pinnedComparison `json:"and,omitempty"`
	Not    []pinnedComparison `json:"not,omitempty"`
}

type pinnedComparison struct {
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
}

type pinnedWitness struct {
	Principal string              `json:"principal"`
	Action    string              `json:"action"`
	Context   map[string][]string `json:"context"`
}

type pinnedReason struct {
	Kind access.ReasonKind `json:"kind"`
	Text string            `json:"text"`
}

func pinDifference(d *access.Difference) *pinnedDifference {
	if d == nil {
		return nil
	}
	return &pinnedDifference{
		Equivalent: d.Equivalent, Added: convert(d.Added, pinChange), Removed: convert(d.Removed, pinChange), Future: convert(d.Future, pinChange),
		Unknown: convert(d.Unknown, func(r access.Reason) pinnedReason { return pinnedReason{Kind: r.Kind, Text: r.Text} }),
		Remarks: d.Remarks,
	}
}

func (d *pinnedDifference) difference() *access.Difference {
	if d == nil {
		return nil
	}
	return &access.Difference{
		Equivalent: d.Equivalent, Added: convert(d.Added, pinnedChange.change), Removed: convert(d.Removed, pinnedChange.change),
		Future: convert(d.Future, pinnedChange.change), Unknown: convert(d.Unknown, func(r pinnedReason) access.Reason { return access.Reason{Kind: r.Kind, Text: r.Text} }),
		Remarks: d.Remarks,
	}
}

func pinChange(c access.Change) pinnedChange {
	return pinnedChange{c.Principal, c.Kind, c.Actions, c.Decision, c.Was, pinConditions(c.Conditions), pinnedWitness(c.Witness)}
}

func (c pinnedChange) change() access.Change {
	return access.Change{
		Principal: c.Principal, Kind: c.Kind, Actions: c.Actions, Decision: c.Decision, Was: c.Was,
		Conditions: c.Conditions.conditions(), Witness: diag.Witness(c.Witness),
	}
}

func pinConditions(c access.Conditions) pinnedConditions {
	return pinnedConditions{c.Text, convertMaps(c.AnyOf, func(c access.Constraint) pinnedConstraint {
		comparison := func(c access.Comparison) pinnedComparison { return pinnedComparison(c) }
		return pinnedConstraint{comparison(c.Comparison), c.Absent, convert(c.And, comparison), convert(c.Not, comparison)}
	})}
}

func (c pinnedConditions) conditions() access.Conditions {
	return access.Conditions{Text: c.Text, AnyOf: convertMaps(c.AnyOf, func(c pinnedConstraint) access.Constraint {
		comparison := func(c pinnedComparison) access.Comparison { return access.Comparison(c) }
		return access.Constraint{Comparison: comparison(c.pinnedComparison), Absent: c.Absent, And: convert(c.And, comparison), Not: convert(c.Not, comparison)}
	})}
}

// convert converts every item; nil stays nil.
func convert[From, To any](list []From, one func(From) To) []To {
	if list == nil {
		return nil
	}
	out := make([]To, len(list))
	for i, item := range list {
		out[i] = one(item)
	}
	return out
}

// convertMaps converts every value of the maps.
func convertMaps[From, To any](list []map[string]From, one func(From) To) []map[string]To {
	return convert(list, func(all map[string]From) map[string]To {
		out := make(map[string]To, len(all))
		for key, value := range all {
			out[key] = one(value)
		}
		return out
	})
}
