package rules

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// A rule about what a principal can do reads what conditions and Deny statements leave it (PartLeft). Where that is not decided, its
// finding is one of three kinds. What AWS's pages leave open is a warning at most; what depends on a value that is not known yet is
// info; what the budget does not suffice for has the rule's own severity, as a gate must not pass what it could not decide. No rule
// has to know that: it is asked once more, with what may be taken away counted in the other way, and what it finds in one way only
// rests on it.

// counting is how what may be taken away from a principal is counted.
type counting uint8

const (
	asUsual counting = iota // as left, if it is open in AWS's pages; as taken away, if it is not known yet
	asTaken                 // as taken away
	asLeft                  // as left
)

// undecided is the reason of a finding that rests on a value that is not known yet.
const undecided = "undecided"

// exits gives what rests on an answer that is not decided the severity of its kind.
func (ev *evaluation) exits(ctx context.Context, p *program, s subject, due []*rule, of func(*plan) *ast.Term, found []finding) ([]finding, error) {
	due = slices.DeleteFunc(slices.Clone(due), func(r *rule) bool { return ev.stopped[r.Name] || !slices.Contains(r.reads(), PartLeft) })
	if s.doubt == nil || len(due) == 0 {
		return found, nil
	}
	ctx = quietly(ctx) // what they print, they have printed
	switch s.doubt() {
	case access.ReasonOpen:
		sure, err := ev.found(ctx, p, s, ev.set.plan(due).counting(asTaken), of)
		if err != nil {
			return nil, err
		}
		return ev.openAt(found, due, sure), nil
	case access.ReasonNotYetKnown:
		possible, err := ev.found(ctx, p, s, ev.set.plan(due).counting(asLeft), of)
		if err != nil {
			return nil, err
		}
		return append(found, notYetKnown(found, possible)...), nil
	case access.ReasonBudget:
	}
	return found, nil
}

// openAt makes a warning of each finding of some rules that is not among those that are sure.
func (ev *evaluation) openAt(found []finding, due []*rule, sure []finding) []finding {
	for i := range found {
		f := &found[i]
		r := ev.set.rule(f.rule)
		if f.stopped || !slices.Contains(due, r) {
			continue
		}
		own := cmp.Or(f.severity, r.Severity)
		if at := slices.IndexFunc(sure, f.isSame); at >= 0 {
			f.severity = min(own, max(diag.Warning, cmp.Or(sure[at].severity, r.Severity)))
			continue
		}
		f.severity = min(own, diag.Warning)
		f.message += "; it is not known whether a condition or a Deny statement prevents that"
	}
	return found
}

// notYetKnown are the findings that are possible and not among those found.
func notYetKnown(found, possible []finding) []finding {
	var all []finding
	for _, f := range possible {
		if f.stopped || slices.ContainsFunc(found, f.isSame) {
			continue
		}
		all = append(all, unsure(f, "as a condition or a Deny statement with an unknown value may prevent that"))
	}
	return all
}

// unsure is a finding that rests on a value that is not known yet.
func unsure(f finding, why string) finding {
	f.severity, f.reason, f.edits = diag.Info, undecided, nil
	f.message += "; not known yet, " + why
	f.help = "this is not a fault: lint again once the value is known"
	return f
}

// identity distinguishes the findings of one subject, whatever their words.
func (f finding) identity() string {
	return strings.Join([]string{f.rule, f.reason, f.path.Pointer(), strconv.FormatBool(f.atKey)}, "\x00")
}

func (f finding) isSame(other finding) bool { return f.identity() == other.identity() }

// counting is the plan with another way of counting what may be taken away.
func (p *plan) counting(count counting) *plan {
	with := *p
	with.count = count
	return &with
}

// taken is what is taken away, counted in this way.
func (c counting) taken(l access.Leftover) access.Taken {
	if c == asTaken || c == asUsual && l.Kind == access.ReasonNotYetKnown {
		return l.With()
	}
	return l.Taken
}

// terms writes what is left to each principal.
func (c counting) terms(left []access.Leftover) []*ast.Term {
	all := make([]*ast.Term, len(left))
	for i := range left {
		all[i] = c.term(&left[i])
	}
	return all
}

func (c counting) term(l *access.Leftover) *ast.Term {
	if l == nil {
		return nil
	}
	taken := c.taken(*l)
	return object(
		every.texts("denied", taken.Denied), every.texts("bounded", taken.Bounded), every.truth("nothing", l.Nothing),
		every.truth("live", !taken.Nothing), every.term("outside", c.term(l.Outside)),
	)
}
