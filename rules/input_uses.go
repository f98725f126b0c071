package rules

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// specUses are what a spec says that its key is for, with what its policies make of it. Of a template's keys it is not known of which
// kind they are, nor in which Region.
func (in *inputs) specUses(s *spec.Document, policies []*spec.Compiled, template bool) *ast.Term {
	begun := false // an edit of another use puts the first entry into `include`: a second one could not be applied next to it
	add := func(asked uses.Asked) []addition {
		list := specAdditions(asked, s, policies)
		if s.Policy != nil || hasIncludes(s) || len(list) == 0 {
			return list
		}
		if begun {
			return nil
		}
		begun = true
		return list
	}
	return numbered(s.Uses, func(i int, u spec.UsedBy) *ast.Term {
		return in.use(u, len(s.Uses), diag.Path{"used_by", i}, policies, template, add, func(p *spec.Compiled, path diag.Path) *ast.Term {
			return text(p.Document.Map.Find(path).Value.Path)
		})
	})
}

// policyUses are the same for a plain policy document, of which somebody else says it.
func (in *inputs) policyUses(p *spec.Compiled) *ast.Term {
	return terms(p.UsedBy, func(u spec.UsedBy) *ast.Term {
		add := func(asked uses.Asked) []addition { return statementAdditions(asked, p, p.Document.Root, nil) }
		return in.use(u, len(p.UsedBy), wholeStatements(p), []*spec.Compiled{p}, false, add, func(_ *spec.Compiled, path diag.Path) *ast.Term { return pathTerm(path, 0) })
	})
}

func (in *inputs) use(u spec.UsedBy, questions int, at diag.Path, policies []*spec.Compiled, template bool, add func(uses.Asked) []addition, place func(*spec.Compiled, diag.Path) *ast.Term) *ast.Term {
	use, _ := facts.LookupUse(u.Name) // whoever reads used_by looks
	asked := uses.Asked{Use: use, Given: u.Parameters}
	keySpec, keyUsage := use.NeedsKey()
	var key spec.Key
	if len(policies) > 0 {
		key = policies[0].Key
	}
	policies = inRegions(use, policies)
	answers := outcomes(policies, func(p *spec.Compiled) uses.Answer {
		env := access.EnvOf(p.Key.Key)
		env.Today = in.day
		if template {
			env.KeySpec, env.KeyUsage = "", ""
			if env.Region == "" && len(use.Regions) > 0 {
				env.Region = use.Regions[0]
			}
		}
		return uses.NewJudge(p.Document, env).Sharing(questions).Ask(asked)
	}, func(a, b uses.Answer) bool {
		return a.Verdict == b.Verdict && a.WrongKey == b.WrongKey && a.WrongRegion == b.WrongRegion
	})
	var additions []addition
	if slices.ContainsFunc(answers, func(o outcome[uses.Answer]) bool {
		return o.answer.Verdict == uses.Refused && !o.answer.WrongKey && !o.answer.WrongRegion
	}) {
		additions = add(asked)
	}
	return object(
		every.term("path", pathTerm(at, 0)), every.text("name", use.ID), every.text("service", use.Service),
		every.text("what", use.Name), every.text("way", string(use.Way)), every.text("page", use.Page),
		every.text("key_spec", keySpec), every.text("key_usage", keyUsage), every.texts("key_regions", use.Regions), every.texts("regions", regionsOf(policies)),
		every.text("needs", use.Needs), every.text("include", asked.Include()), every.texts("offered", asked.Statements(key.Key)),
		every.term("additions", terms(additions, additionTerm)),
		every.term("outcomes", terms(answers, func(o outcome[uses.Answer]) *ast.Term {
			return object(every.texts("regions", o.regions), every.text("verdict", string(o.answer.Verdict)), every.truth("wrong_key", o.answer.WrongKey), every.truth("wrong_region", o.answer.WrongRegion),
				every.truth("open_region", o.answer.OpenRegion), every.term("requests", terms(o.answer.Requests, func(r uses.Decided) *ast.Term {
					return requestTerm(r, func(path diag.Path) *ast.Term { return place(o.policy, path) }, o.policy.Document)
				})))
		})),
	)
}

// inRegions are the policies of a key's Regions that a use works with, or all of them where it works with none: of a key that is in
// several Regions, the use has one that it works with.
func inRegions(use facts.Use, policies []*spec.Compiled) []*spec.Compiled {
	var list []*spec.Compiled
	for _, p := range policies {
		if slices.Contains(use.Regions, p.Key.Region) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return policies
	}
	return list
}

// regionsOf are the Regions of policies' keys, where they are known.
func regionsOf(policies []*spec.Compiled) []string {
	var regions []string
	for _, p := range policies {
		if p.Key.Region != "" {
			regions = append(regions, p.Key.Region)
		}
	}
	return regions
}

func requestTerm(r uses.Decided, place func(diag.Path) *ast.Term, doc *policy.Document) *ast.Term {
	return object(
		every.text("principal", r.Principal), every.text("caller", string(r.Caller)), every.text("action", r.Written), every.text("decision", string(r.Decision)),
		every.text("verdict", string(r.Verdict)), every.texts("reasons", r.Reasons), every.known("undecided", string(r.Undecided)),
		every.term("obstacles", terms(r.Obstacles, func(o uses.Obstacle) *ast.Term {
			return object(
				every.text("kind", string(o.Kind)), every.text("statement", doc.Statements[o.Statement].Label()),
				every.term("path", place(o.Path)), every.text("key", o.Key),
				every.truth("not_sent", o.NotSent), every.truth("undocumented", o.Open),
			)
		})),
	)
}
