package rules

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// specUses are what a spec says that its key is for, with what its policies make of it.
func (in *inputs) specUses(s *spec.Document, policies []*policy.Policy) *ast.Term {
	return numbered(s.Uses, func(i int, u policy.UsedBy) *ast.Term {
		return in.use(u, diag.Path{"used_by", i}, policies, func(p *policy.Policy, path diag.Path) *ast.Term {
			return text(p.Document.Map.Find(path).Value.Path)
		})
	})
}

// policyUses are the same for a plain policy document, of which somebody else says it.
func (in *inputs) policyUses(p *policy.Policy) *ast.Term {
	return terms(p.UsedBy, func(u policy.UsedBy) *ast.Term {
		return in.use(u, wholeStatements(p), []*policy.Policy{p}, func(_ *policy.Policy, path diag.Path) *ast.Term { return pathTerm(path, 0) })
	})
}

func (in *inputs) use(u policy.UsedBy, at diag.Path, policies []*policy.Policy, place func(*policy.Policy, diag.Path) *ast.Term) *ast.Term {
	use, _ := facts.LookupUse(u.Name) // whoever reads used_by looks
	asked := uses.Asked{Use: use, Given: u.Parameters}
	var key policy.Key
	if len(policies) > 0 {
		key = policies[0].Key
	}
	answers := outcomes(policies, func(p *policy.Policy) uses.Answer {
		env := access.EnvOf(p.Key)
		env.Today = in.day
		return uses.NewJudge(p.Document, env).Ask(asked)
	}, func(a, b uses.Answer) bool { return a.Verdict == b.Verdict })
	return record(
		"path", pathTerm(at, 0), "name", use.ID, "service", use.Service, "what", use.Name, "way", use.Way, "page", use.Page,
		"needs", use.Needs, "include", asked.Include(), "offered", asked.Statements(key),
		"outcomes", terms(answers, func(o outcome[uses.Answer]) *ast.Term {
			return record("regions", o.regions, "verdict", o.answer.Verdict, "requests", terms(o.answer.Requests, func(r uses.Decided) *ast.Term {
				return requestTerm(r, func(path diag.Path) *ast.Term { return place(o.policy, path) }, o.policy.Document)
			}))
		}),
	)
}

func requestTerm(r uses.Decided, place func(diag.Path) *ast.Term, doc *policy.Document) *ast.Term {
	return record(
		"principal", r.Principal, "action", r.Written, "decision", r.Decision, "verdict", r.Verdict, "reasons", r.Reasons,
		"obstacles", terms(r.Obstacles, func(o uses.Obstacle) *ast.Term {
			return record(
				"kind", o.Kind, "statement", doc.Statements[o.Statement].Label(), "path", place(o.Path), "key", o.Key,
				"not_sent", o.NotSent, "undocumented", o.Open,
			)
		}),
	)
}
