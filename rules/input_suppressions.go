package rules

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Suppression is one comment or one entry of the configuration that suppresses findings, and what came of it.
type Suppression struct {
	Place      diag.Place
	Configured bool // an entry of the configuration
	Rules      []SuppressedRule
	Until      string // as written
	Dated      bool   // until is a date
	Expired    bool   // and it is over
	Reason     string
}

// SuppressedRule is a rule that a suppression names.
type SuppressedRule struct {
	Named
	Known   bool
	Renamed string // the rule's present name, where this is one that it had before
	Nearest string // the rule that may be meant, where it is not known
	Used    bool   // a finding of it is suppressed
	Kept    bool   // a finding of it is met that nothing suppresses
	Whole   bool   // all that it can suppress has been looked for in this run
}

func (in *inputs) suppressions(all []Suppression) *ast.Term {
	index := 0
	entries := terms(all, func(s Suppression) *ast.Term {
		base := diag.Path{index}
		index++
		position := 0
		return record(
			"path", pathTerm(base, 0), "configured", s.Configured,
			"rules", terms(s.Rules, func(r SuppressedRule) *ast.Term {
				position++
				return record(
					"text", r.Text, "path", pathTerm(join(base, "rules", position-1), 0), "known", r.Known, "renamed", r.Renamed,
					"nearest", r.Nearest, "used", r.Used, "kept", r.Kept, "whole", r.Whole,
				)
			}),
			"until", s.Until, "dated", s.Dated, "expired", s.Expired, "reason", s.Reason,
		)
	})
	return object(field("suppressions", entries), field("today", in.today))
}

// findInSuppressions gives the origin of a path of the input about suppressions: a rule's name, or the whole.
func findInSuppressions(all []Suppression, path diag.Path) policy.Origin {
	if len(path) == 0 {
		return policy.Origin{}
	}
	i, ok := path[0].(int)
	if !ok || i < 0 || i >= len(all) {
		return policy.Origin{}
	}
	place := all[i].Place
	if len(path) == 3 {
		if r, ok := path[2].(int); ok && path[1] == "rules" && r >= 0 && r < len(all[i].Rules) {
			place = all[i].Rules[r].Place
		}
	}
	return policy.Origin{Value: place, Exact: true}
}
