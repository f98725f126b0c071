package compiler

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// expectations are a spec's own, for the rules to hold.
func expectations(list []spec.Expectation) []policy.Expectation {
	var all []policy.Expectation
	for _, e := range list {
		out := policy.Expectation{
			Path:      diag.Path{"expect", e.Index},
			Principal: e.Principal.Text, Action: e.Action.Text, Context: e.Context,
		}
		for _, d := range e.Decisions {
			out.Decisions = append(out.Decisions, d.Text)
		}
		all = append(all, out)
	}
	return all
}
