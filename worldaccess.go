package keypolicy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Analyze says who may do what by a policy. What is so in some only of the worlds that its choices lead to is unknown.
func Analyze(p *spec.Compiled, env access.Env) *access.Report {
	report := access.Analyze(p.Document, env)
	worlds := worldsOf(p)
	for i, w := range worlds {
		if w.Policy == nil {
			report.Unknown = append(report.Unknown, yetUnknown("what the policy allows where %s: the policy is not valid then", assumed(w)))
			continue
		}
		mergeReport(report, access.Analyze(w.Policy.Document, env), w, i == 0, deniesMore(p, w.Policy))
	}
	if !complete(p) {
		report.Unknown = append(report.Unknown, notAllTried())
	}
	if p.Worlds != nil {
		report.Unknown = sortedReasons(report.Unknown)
	}
	return report
}

func worldsOf(p *spec.Compiled) []spec.World {
	if p.Worlds == nil {
		return nil
	}
	return p.Worlds().List
}

// assumed says what a world supposes.
func assumed(w spec.World) string {
	var all []string
	for _, a := range w.Assumed {
		all = append(all, a.String())
	}
	return strings.Join(all, " and ")
}

func yetUnknown(format string, args ...any) access.Reason {
	return access.Reason{Kind: access.ReasonNotYetKnown, Text: fmt.Sprintf(format, args...)}
}

// notAllTried says that a policy rests on choices that were not settled in every way.
func notAllTried() access.Reason {
	return yetUnknown("what the policy allows depends on more unknown values than are tried together: not all combinations were checked.")
}

// deniesMore reports whether a world's policy has a statement beside those of the policy that may deny something.
func deniesMore(p, world *spec.Compiled) bool {
	return slices.ContainsFunc(world.Document.Statements, func(st policy.Statement) bool {
		return st.Effect.Value != "Allow" && written(p, &st) < 0
	})
}

// mergeReport leaves open in a report what is otherwise in a world. first says that nothing of the worlds is in it yet; less, that
// the world may deny what the policy allows.
func mergeReport(to, world *access.Report, w spec.World, first, less bool) {
	l, o := &to.Lockout, world.Lockout
	merged(&l.Editors, o.Editors, access.EditorsUnknown, first)
	merged(&l.ByIdentityPolicy, o.ByIdentityPolicy, access.EditorsUnknown, first)
	merged(&l.Caller, o.Caller, access.CallerUnknown, first || l.Caller == "")
	merged(&l.DurableAnswer, o.DurableAnswer, access.Unknown, first)
	merged(&l.RootUserAnswer, o.RootUserAnswer, access.Unknown, first)
	if l.Editors != o.Editors || l.Editors == access.EditorsUnknown {
		l.Witness = nil
	}
	l.Durable, l.RootUser = l.DurableAnswer == access.Yes, l.RootUserAnswer == access.Yes
	l.Principals = slices.DeleteFunc(slices.Clone(l.Principals), func(p string) bool { return !slices.Contains(o.Principals, p) })
	merged(&to.Public, world.Public, access.Unknown, first)
	where := assumed(w)
	leaveOpen := func(text string) { to.Unknown = append(to.Unknown, yetUnknown("%s", text)) }
	for _, e := range world.External {
		if !slices.ContainsFunc(to.External, func(have access.External) bool {
			return have.Principal == e.Principal && have.Decision == e.Decision && hasAll(e.Actions, have.Actions)
		}) {
			leaveOpen(fmt.Sprintf("%s gets in from outside where %s.", e.Principal, where))
		}
	}
	for _, d := range world.ConfusedDeputy {
		if !slices.ContainsFunc(to.ConfusedDeputy, func(have access.Deputy) bool { return have.Service == d.Service }) {
			leaveOpen(fmt.Sprintf("An account that is not trusted can make %s use the key where %s.", d.Service, where))
		}
	}
	to.External = slices.DeleteFunc(to.External, func(e access.External) bool {
		gone := !slices.ContainsFunc(world.External, func(other access.External) bool {
			return other.Principal == e.Principal && other.Decision == e.Decision && hasAll(e.Actions, other.Actions)
		})
		if gone {
			leaveOpen(fmt.Sprintf("%s does not get in from outside, or gets in differently, where %s.", e.Principal, where))
		}
		return gone
	})
	for _, row := range world.Matrix {
		if more := missing(row, to.Matrix); len(more) > 0 {
			leaveOpen(fmt.Sprintf("%s: %s is %s where %s.", row.Principal, few(more), decisionWords(row.Decision), where))
		}
	}
	if !less {
		return
	}
	for i := range to.Matrix {
		row := &to.Matrix[i]
		if gone := missing(*row, world.Matrix); len(gone) > 0 {
			leaveOpen(fmt.Sprintf("%s: %s is not %s, or under other conditions, where %s.", row.Principal, few(gone), decisionWords(row.Decision), where))
			row.Actions = slices.DeleteFunc(slices.Clone(row.Actions), func(a string) bool { return slices.Contains(gone, a) })
		}
	}
	to.Matrix = slices.DeleteFunc(to.Matrix, func(row access.Row) bool { return len(row.Actions) == 0 })
}

// merged is what two worlds agree on. What the policy itself leaves open counts for nothing beside the first world.
func merged[T ~string](to *T, other, open T, first bool) {
	switch {
	case first && *to == open:
		*to = other
	case *to != other:
		*to = open
	}
}

func hasAll(some, all []string) bool {
	return !slices.ContainsFunc(some, func(a string) bool { return !slices.Contains(all, a) })
}

// missing are the actions of a row that no row of the same principal, decision and conditions has.
func missing(row access.Row, all []access.Row) []string {
	left := slices.Clone(row.Actions)
	for _, other := range all {
		if other.Principal == row.Principal && other.Decision == row.Decision && other.Conditions.Text == row.Conditions.Text {
			left = slices.DeleteFunc(left, func(a string) bool { return slices.Contains(other.Actions, a) })
		}
	}
	return left
}

func few(actions []string) string {
	const most = 3
	if len(actions) <= most {
		return strings.Join(actions, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(actions[:most], ", "), len(actions)-most)
}

func decisionWords(d access.Decision) string {
	switch d {
	case access.NeedsIdentityPolicy:
		return "left to identity policies"
	case access.ExplicitDeny:
		return "denied"
	case access.ImplicitDeny:
		return "not allowed"
	case access.Undecided:
		return "not known"
	case access.Allowed:
	}
	return "allowed"
}

func sortedReasons(list []access.Reason) []access.Reason {
	slices.SortStableFunc(list, func(a, b access.Reason) int { return strings.Compare(a.Text, b.Text) })
	return slices.CompactFunc(list, func(a, b access.Reason) bool { return a.Text == b.Text })
}

// Simulator decides requests by a policy, and by each of the worlds that its choices lead to. It is not safe for concurrent use.
type Simulator struct {
	policy *spec.Compiled
	by     *access.Simulator
	worlds []spec.World
	each   []*access.Simulator // nil where the world has no policy
}

// NewSimulator prepares a simulator.
func NewSimulator(p *spec.Compiled, env access.Env) *Simulator {
	s := &Simulator{policy: p, by: access.NewSimulator(p.Document, env), worlds: worldsOf(p)}
	for _, w := range s.worlds {
		var one *access.Simulator
		if w.Policy != nil {
			one = access.NewSimulator(w.Policy.Document, env)
		}
		s.each = append(s.each, one)
	}
	return s
}

// Explain says why statements do not match a request.
func (s *Simulator) Explain(r access.Request) []access.Miss { return s.by.Explain(r) }

// Simulate decides one request. A request that cannot be is a [*access.RequestError].
func (s *Simulator) Simulate(r access.Request) (access.Simulation, error) {
	whole, err := s.by.Simulate(r)
	if err != nil || len(s.worlds) == 0 {
		return whole, err
	}
	var first *access.Simulation
	var list []access.DecidingStatement
	agree := s.policy.Worlds().All || whole.Decision != access.Undecided
	var reasons []string
	for i, one := range s.each {
		if one == nil {
			agree = false
			reasons = append(reasons, fmt.Sprintf("The policy is not valid where %s.", assumed(s.worlds[i])))
			continue
		}
		result, err := one.Simulate(r)
		if err != nil {
			return result, err
		}
		reasons = append(reasons, fmt.Sprintf("It is %s where %s.", decisionWords(result.Decision), assumed(s.worlds[i])))
		for _, st := range result.Statements {
			if at := written(s.policy, &s.worlds[i].Policy.Document.Statements[st.Index]); at >= 0 {
				st.Index, st.Path = at, s.policy.Document.Statements[at].Path
				list = append(list, st)
			}
		}
		if first == nil {
			first = &result
		}
		agree = agree && result.Decision == first.Decision && result.Decision != access.Undecided
	}
	out := access.Simulation{Decision: access.Undecided, Statements: list, Reasons: reasons}
	if agree && first != nil {
		out.Decision, out.Reasons = first.Decision, []string{}
	}
	slices.SortFunc(out.Statements, func(a, b access.DecidingStatement) int { return a.Index - b.Index })
	out.Statements = slices.CompactFunc(out.Statements, func(a, b access.DecidingStatement) bool { return a.Index == b.Index })
	if out.Statements == nil {
		out.Statements = []access.DecidingStatement{}
	}
	return out, nil
}

// written is the index of a world's statement in the policy; -1 where that has none of its own.
func written(p *spec.Compiled, world *policy.Statement) int {
	return slices.IndexFunc(p.Document.Statements, func(st policy.Statement) bool { return st.Node.Place == world.Node.Place })
}
