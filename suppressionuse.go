package keypolicy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// Suppressions are all that suppresses findings, as `keypolicy suppressions --format json` writes it.
type Suppressions struct {
	Version      int              `json:"version"`
	Suppressions []SuppressionUse `json:"suppressions"`
}

// SuppressionUse is one rule that a comment or an entry of the configuration suppresses, and what comes of it in a run.
type SuppressionUse struct {
	File     string           `json:"file"`
	Line     int              `json:"line"`
	Column   int              `json:"column"`
	Kind     string           `json:"kind"` // comment or configuration
	Rule     string           `json:"rule"`
	Reason   string           `json:"reason"` // "" where none is given
	Until    string           `json:"until"`  // the last day, as written; "" is none
	Status   SuppressionState `json:"status"`
	Findings int              `json:"findings"` // that it suppresses
}

// SuppressionState is what comes of a suppression.
type SuppressionState string

// The states of suppressions.
const (
	SuppressionUsed        SuppressionState = "used"
	SuppressionUnused      SuppressionState = "unused"       // there is no such finding
	SuppressionRefused     SuppressionState = "refused"      // the finding is reported: nothing may suppress it
	SuppressionExpired     SuppressionState = "expired"      // its last day is over, or is not a date
	SuppressionUnknownRule SuppressionState = "unknown_rule" // there is no such rule
	SuppressionNotJudged   SuppressionState = "not_judged"   // not all that it may be about was read, or compiles
)

// suppressionUses says of all suppressions what came of them. suppressed are the findings that they suppress; means reports whether a
// name in a suppression means a rule: its own, or one that the rule or a part of it had before.
func suppressionUses(all []rules.Suppression, suppressed diag.List, means func(name, rule string) bool) []SuppressionUse {
	findings := map[diag.Place][]string{} // their rules, by what suppresses them
	for _, d := range suppressed {
		findings[d.Suppressed.Place] = append(findings[d.Suppressed.Place], d.Rule)
	}
	list := []SuppressionUse{}
	for _, s := range all {
		for _, r := range s.Rules {
			use := SuppressionUse{
				File: s.Place.File, Line: r.Place.Range.Start.Line, Column: r.Place.Range.Start.Column, Kind: suppressionKind(s.Configured),
				Rule: r.Text, Reason: s.Reason, Until: s.Until, Status: suppressionState(s, r),
			}
			for _, rule := range findings[s.Place] {
				if means(r.Text, rule) {
					use.Findings++
				}
			}
			list = append(list, use)
		}
	}
	return list
}

func suppressionState(s rules.Suppression, r rules.SuppressedRule) SuppressionState {
	switch {
	case !r.Known:
		return SuppressionUnknownRule
	case s.Expired || s.Until != "" && !s.Dated:
		return SuppressionExpired
	case r.Used:
		return SuppressionUsed
	case r.Kept:
		return SuppressionRefused
	case !r.Whole:
		return SuppressionNotJudged
	default:
		return SuppressionUnused
	}
}
