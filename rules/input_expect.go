package rules

import (
	"errors"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// outcome is what became of an expectation, in the policies of some Regions.
type outcome struct {
	regions    []string // none where it is the same in all
	decision   access.Decision
	undecided  bool   // it depends on what is not known before a run
	refused    string // why the request is none
	at         string // the field that makes it none
	statements []policy.Statement
	policy     *policy.Policy
	reasons    []string
}

// policyExpectations are those of a policy that is not a spec, which are given from outside.
func (in *inputs) policyExpectations(p *policy.Policy) []*ast.Term {
	at := wholeStatements(p)
	return expectationTerms(p.Expect, func(policy.Expectation) diag.Path { return at }, func(e policy.Expectation) *ast.Term {
		return terms(in.outcomes(e, []*policy.Policy{p}), func(o outcome) *ast.Term {
			return outcomeTerm(o, func(st policy.Statement) *ast.Term { return pathTerm(st.Path, 0) })
		})
	})
}

// wholeStatements is the path of a policy's statements as a whole.
func wholeStatements(p *policy.Policy) diag.Path {
	if p.Document.Root.Member("Statement") != nil {
		return diag.Path{"Statement"}
	}
	return diag.Path{}
}

func expectationTerms(list []policy.Expectation, at func(policy.Expectation) diag.Path, outcomes func(policy.Expectation) *ast.Term) []*ast.Term {
	var all []*ast.Term
	for _, e := range list {
		all = append(all, record(
			"path", pathTerm(at(e), 0), "principal", e.Principal, "action", e.Action, "decisions", e.Decisions, "outcomes", outcomes(e),
		))
	}
	return all
}

// expectations are a spec's, with the decisions that its policies give.
func (in *inputs) expectations(s *spec.Document, policies []*policy.Policy) []*ast.Term {
	return expectationTerms(s.Expect, func(e policy.Expectation) diag.Path { return e.Path }, func(e policy.Expectation) *ast.Term {
		return terms(in.outcomes(e, policies), func(o outcome) *ast.Term {
			// A statement stands in the spec where it was written or, with lists, where its first principal was.
			return outcomeTerm(o, func(st policy.Statement) *ast.Term { return text(o.policy.Document.Map.Find(st.Path).Value.Path) })
		})
	})
}

func (in *inputs) outcomes(e spec.Expectation, policies []*policy.Policy) []outcome {
	var list []outcome
	for _, p := range policies {
		one := in.outcome(e, p)
		known := false
		for i := range list {
			if list[i].decision == one.decision && list[i].refused == one.refused {
				list[i].regions = append(list[i].regions, p.Key.Region)
				known = true
			}
		}
		if !known {
			list = append(list, one)
		}
	}
	if len(list) == 1 {
		list[0].regions = nil
	}
	return list
}

func (in *inputs) outcome(e spec.Expectation, p *policy.Policy) outcome {
	out := outcome{regions: []string{p.Key.Region}, policy: p}
	env := access.EnvOf(p.Key)
	env.Today = in.day
	request := access.Request{Principal: e.Principal, Action: e.Action, Context: e.Context}
	result, err := access.Simulate(p.Document, env, request)
	var refused *access.RequestError
	if errors.As(err, &refused) {
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
	for _, st := range result.Statements {
		out.statements = append(out.statements, p.Document.Statements[st.Index])
	}
	return out
}

func outcomeTerm(o outcome, place func(policy.Statement) *ast.Term) *ast.Term {
	return object(
		field("regions", texts(o.regions)),
		field("decision", text(string(o.decision))),
		field("undecided", truth(o.undecided)),
		field("refused", text(o.refused)),
		field("at", text(o.at)),
		field("reasons", texts(o.reasons)),
		field("statements", terms(o.statements, func(st policy.Statement) *ast.Term {
			return object(
				field("name", text(st.Label())),
				field("effect", text(st.Effect.Value)),
				field("path", place(st)),
			)
		})),
	)
}
