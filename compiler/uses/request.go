package uses

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// best decides a request for an action, or for the actions that a pattern represents: of those one has to be allowed.
func (j *Judge) best(use facts.Use, r filled, written string, values supposed) Decided {
	best := Decided{Written: written}
	for _, action := range requestable(written) {
		one := j.one(use, r, action, values)
		one.Written = written
		if best.Action == "" || one.Verdict.badness() < best.Verdict.badness() {
			best = one
		}
	}
	return best
}

// requestable are the actions of a pattern that are requests to a key.
func requestable(pattern string) []string {
	return slices.DeleteFunc(facts.MatchActions(pattern), func(action string) bool {
		a, _ := facts.LookupAction(action)
		return !a.EffectiveInKeyPolicy
	})
}

func (j *Judge) one(use facts.Use, r filled, action string, values supposed) Decided {
	out := Decided{Principal: r.principal, Action: action, Context: r.context}
	result, err := j.meter.simulate(j.simulator(j.simulators, j.doc, values.location()), access.Request{Principal: r.principal, Action: action, Context: maps.Clone(r.context)})
	if refused, ok := errors.AsType[*access.RequestError](err); ok {
		out.Decision, out.Verdict, out.Reasons, out.contradictory = access.Undecided, Unknown, []string{refused.Message}, true
		return out
	}
	out.Decision, out.Reasons = result.Decision, result.Reasons
	out.Verdict = verdictOf(use.Way, result.Decision)
	if out.Verdict == Unknown && !j.mayBeAllowed(out, values) {
		out.Verdict = Refused // by which statement is not known, or by none
	}
	if out.Verdict == Unknown {
		out.Undecided = result.Undecided
	}
	for _, st := range result.Statements {
		out.Statements = append(out.Statements, st.Index)
	}
	if result.Decision == access.ExplicitDeny {
		for _, st := range result.Statements {
			out.Obstacles = append(out.Obstacles, Obstacle{Kind: DenyStatement, Statement: st.Index, Path: st.Path})
		}
	}
	return out
}

func verdictOf(way facts.Way, d access.Decision) Verdict {
	switch d {
	case access.Allowed:
		return Fulfilled
	case access.NeedsIdentityPolicy:
		if way == facts.WayKeyPolicy { // a service-linked role, whose policy cannot be changed
			return Refused
		}
		return NeedsIdentity
	case access.Undecided:
		return Unknown
	case access.ExplicitDeny, access.ImplicitDeny:
		return Refused
	default:
		return Refused
	}
}

// mayBeAllowed reports whether a request that cannot be decided would get in were it not for Deny statements.
func (j *Judge) mayBeAllowed(r Decided, values supposed) bool {
	result, err := j.meter.simulate(j.simulator(j.allowing, j.allows(), values.location()), access.Request{Principal: r.Principal, Action: r.Action, Context: maps.Clone(r.Context)})
	return err != nil || result.Decision != access.ImplicitDeny
}

func (j *Judge) simulator(of map[location]*access.Simulator, doc *policy.Document, at location) *access.Simulator {
	s := of[at]
	if s == nil {
		s = access.NewSimulator(doc, j.envAt(at))
		of[at] = s
	}
	return s
}

func (j *Judge) envAt(at location) access.Env {
	env := j.env
	env.Account = cmp.Or(env.Account, at.account)
	env.Region = cmp.Or(env.Region, at.region)
	return env
}
