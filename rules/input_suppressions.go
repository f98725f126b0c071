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
	entries := numbered(all, func(i int, s Suppression) *ast.Term {
		return object(
			every.term("path", pathTerm(diag.Path{i}, 0)), every.truth("configured", s.Configured),
			every.term("rules", numbered(s.Rules, func(at int, r SuppressedRule) *ast.Term {
				return object(
					every.text("text", r.Text), every.term("path", pathTerm(diag.Path{i, "rules", at}, 0)),
					every.truth("known", r.Known), every.text("renamed", r.Renamed),
					every.text("nearest", r.Nearest), every.truth("used", r.Used), every.truth("kept", r.Kept),
					every.truth("whole", r.Whole),
				)
			})),
			every.text("until", s.Until), every.truth("dated", s.Dated), every.truth("expired", s.Expired),
			every.text("reason", s.Reason),
		)
	})
	return object(every.term("suppressions", entries), every.term("today", in.today))
}

// findInSuppressions gives the origin of a path of the input about suppressions: a rule's name, or the whole.
func findInSuppressions(all []Suppression, path diag.Path) policy.Origin {
	s, ok := itemAt(all, path, 0)
	if len(path) == 3 && path[1] == "rules" {
		if r, ok := itemAt(s.Rules, path, 2); ok {
			return policy.Origin{Value: r.Place, Exact: true}
		}
	}
	return policy.Origin{Value: s.Place, Exact: ok}
}
