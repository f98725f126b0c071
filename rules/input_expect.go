package rules

import (
	"errors"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// outcome is what became of an expectation, in the policies of some Regions.
type outcome struct {
	regions    []string // none where it is the same in all
	decision   access.Decision
	refused    string // why the request is none
	at         string // the field that makes it none
	statements []policy.Statement
	policy     *policy.Policy
	reasons    []string
}

// expectations are a spec's, with the decisions that its policies give.
func (in *inputs) expectations(s *spec.Document, policies []*policy.Policy) []*ast.Term {
	var all []*ast.Term
	for _, e := range s.Expect {
		outcomes := in.outcomes(e, policies)
		all = append(all, record(
			"path", pathTerm(e.Path, 0), "principal", e.Principal, "action", e.Action, "decisions", e.Decisions,
			"outcomes", terms(outcomes, outcomeTerm),
		))
	}
	return all
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
	for _, st := range result.Statements {
		out.statements = append(out.statements, p.Document.Statements[st.Index])
	}
	return out
}

func outcomeTerm(o outcome) *ast.Term {
	return object(
		field("regions", texts(o.regions)),
		field("decision", text(string(o.decision))),
		field("refused", text(o.refused)),
		field("at", text(o.at)),
		field("reasons", texts(o.reasons)),
		field("statements", terms(o.statements, func(st policy.Statement) *ast.Term {
			return object(
				field("name", text(st.Label())),
				field("effect", text(st.Effect.Value)),
				// A statement stands in the spec where it was written or, with lists, where its first principal was.
				field("path", text(o.policy.Document.Map.Find(st.Path).Value.Path)),
			)
		})),
	)
}
