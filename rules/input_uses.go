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

// useOutcome is what the policies of some Regions make of a use.
type useOutcome struct {
	regions []string // none where it is the same in all
	policy  *policy.Policy
	answer  uses.Answer
}

// specUses are what a spec says that its key is for, with what its policies make of it.
func (in *inputs) specUses(s *spec.Document, policies []*policy.Policy) []*ast.Term {
	var all []*ast.Term
	for i, u := range s.Uses {
		all = append(all, in.use(u, diag.Path{"used_by", i}, policies, func(p *policy.Policy, path diag.Path) *ast.Term {
			return text(p.Document.Map.Find(path).Value.Path)
		}))
	}
	return all
}

// policyUses are the same for a plain policy document, of which somebody else says it.
func (in *inputs) policyUses(p *policy.Policy) []*ast.Term {
	at := wholeStatements(p)
	var all []*ast.Term
	for _, u := range p.UsedBy {
		all = append(all, in.use(u, at, []*policy.Policy{p}, func(_ *policy.Policy, path diag.Path) *ast.Term { return pathTerm(path, 0) }))
	}
	return all
}

func (in *inputs) use(u policy.UsedBy, at diag.Path, policies []*policy.Policy, place func(*policy.Policy, diag.Path) *ast.Term) *ast.Term {
	use, _ := facts.LookupUse(u.Name) // whoever reads used_by looks
	asked := uses.Asked{Use: use, Given: u.Parameters}
	var key policy.Key
	if len(policies) > 0 {
		key = policies[0].Key
	}
	return object(
		field("path", pathTerm(at, 0)),
		field("name", text(use.ID)),
		field("service", text(use.Service)),
		field("what", text(use.Name)),
		field("way", text(string(use.Way))),
		field("page", text(use.Page)),
		field("needs", text(use.Needs)),
		field("include", text(asked.Include())),
		field("offered", texts(asked.Statements(key))),
		field("outcomes", terms(in.useOutcomes(asked, policies), func(o useOutcome) *ast.Term {
			return object(
				field("regions", texts(o.regions)),
				field("verdict", text(string(o.answer.Verdict))),
				field("requests", terms(o.answer.Requests, func(r uses.Decided) *ast.Term {
					return requestTerm(r, func(path diag.Path) *ast.Term { return place(o.policy, path) }, o.policy.Document)
				})),
			)
		})),
	)
}

func (in *inputs) useOutcomes(asked uses.Asked, policies []*policy.Policy) []useOutcome {
	var list []useOutcome
	for _, p := range policies {
		env := access.EnvOf(p.Key)
		env.Today = in.day
		one := useOutcome{regions: []string{p.Key.Region}, policy: p, answer: uses.NewJudge(p.Document, env).Ask(asked)}
		known := false
		for i := range list {
			if list[i].answer.Verdict == one.answer.Verdict {
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

func requestTerm(r uses.Decided, place func(diag.Path) *ast.Term, doc *policy.Document) *ast.Term {
	return object(
		field("principal", text(r.Principal)),
		field("action", text(r.Written)),
		field("decision", text(string(r.Decision))),
		field("verdict", text(string(r.Verdict))),
		field("reasons", texts(r.Reasons)),
		field("obstacles", terms(r.Obstacles, func(o uses.Obstacle) *ast.Term {
			return object(
				field("kind", text(string(o.Kind))),
				field("statement", text(doc.Statements[o.Statement].Label())),
				field("path", place(o.Path)),
				field("key", text(o.Key)),
				field("not_sent", truth(o.NotSent)),
				field("undocumented", truth(o.Open)),
			)
		})),
	)
}
