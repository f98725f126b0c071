package rules

import (
	"errors"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// outcome is what became of an expectation, or of a use, in the policies of some Regions.
type outcome[T any] struct {
	regions []string // none where it is the same in all
	policy  *spec.Compiled
	answer  T
}

// outcomes are the answers that policies give, those that are the same together.
func outcomes[T any](policies []*spec.Compiled, ask func(*spec.Compiled) T, same func(a, b T) bool) []outcome[T] {
	var list []outcome[T]
	for _, p := range policies {
		answer := ask(p)
		at := slices.IndexFunc(list, func(o outcome[T]) bool { return same(o.answer, answer) })
		if at < 0 {
			at = len(list)
			list = append(list, outcome[T]{policy: p, answer: answer})
		}
		list[at].regions = append(list[at].regions, p.Key.Region)
	}
	if len(list) == 1 {
		list[0].regions = nil
	}
	return list
}

// met is what became of an expectation in a policy.
type met struct {
	decision   access.Decision
	undecided  bool   // it depends on what is not known before a run
	open       bool   // AWS's pages leave it open
	refused    string // why the request is none
	at         string // the field that makes it none
	statements []policy.Statement
	reasons    []string
}

// expectations are a spec's, with the decisions that its policies give.
func (in *inputs) expectations(s *spec.Document, policies []*spec.Compiled) *ast.Term {
	return terms(s.Expect, func(e spec.Expectation) *ast.Term {
		return in.expectation(e, e.Path, policies, func(p *spec.Compiled, st policy.Statement) *ast.Term {
			// A statement is in the spec where it was written or, with lists, where its first principal was.
			return text(p.Document.Map.Find(st.Path).Value.Path)
		})
	})
}

// policyExpectations are those of a policy that is not a spec, which are given from outside.
func (in *inputs) policyExpectations(p *spec.Compiled) *ast.Term {
	return terms(p.Expect, func(e spec.Expectation) *ast.Term {
		return in.expectation(e, wholeStatements(p), []*spec.Compiled{p}, func(_ *spec.Compiled, st policy.Statement) *ast.Term { return pathTerm(st.Path, 0) })
	})
}

// wholeStatements is the path of a policy's statements as a whole.
func wholeStatements(p *spec.Compiled) diag.Path {
	if p.Document.Root.Member("Statement") != nil {
		return diag.Path{"Statement"}
	}
	return diag.Path{}
}

func (in *inputs) expectation(e spec.Expectation, at diag.Path, policies []*spec.Compiled, place func(*spec.Compiled, policy.Statement) *ast.Term) *ast.Term {
	become := outcomes(policies, func(p *spec.Compiled) met { return in.met(e, p) }, func(a, b met) bool {
		return a.decision == b.decision && a.refused == b.refused
	})
	return object(
		every.term("path", pathTerm(at, 0)), every.text("principal", e.Principal), every.text("action", e.Action),
		every.texts("decisions", e.Decisions),
		every.term("outcomes", terms(become, func(o outcome[met]) *ast.Term {
			return object(
				every.texts("regions", o.regions), every.text("decision", string(o.answer.decision)),
				every.truth("undecided", o.answer.undecided), every.truth("open", o.answer.open), every.text("refused", o.answer.refused),
				every.text("at", o.answer.at), every.texts("reasons", o.answer.reasons), every.term("statements", terms(o.answer.statements, func(st policy.Statement) *ast.Term {
					return object(
						every.text("name", st.Label()), every.text("effect", st.Effect.Value),
						every.term("path", place(o.policy, st)),
					)
				})),
			)
		})),
	)
}

func (in *inputs) met(e spec.Expectation, p *spec.Compiled) (out met) {
	env := access.EnvOf(p.Key.Key)
	env.Today = in.day
	request := access.Request{Principal: e.Principal, Action: e.Action, Context: e.Context}
	result, err := access.Simulate(p.Document, env, request)
	if refused, ok := errors.AsType[*access.RequestError](err); ok {
		out.refused, out.at = strings.TrimSuffix(refused.Message, "."), "context"
		request.Context = nil
		if _, known := facts.LookupAction(e.Action); !known {
			out.at = "action"
		} else if _, err := access.Simulate(p.Document, env, request); err != nil {
			out.at = "principal"
		}
		return out
	}
	out.decision, out.reasons = result.Decision, result.Reasons
	out.undecided = result.Decision == access.Undecided && p.Document.HasHoles()
	out.open = result.Decision == access.Undecided && result.Undecided == access.ReasonOpen
	for _, st := range result.Statements {
		out.statements = append(out.statements, p.Document.Statements[st.Index])
	}
	return out
}
