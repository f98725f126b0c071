package rules

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// policy makes the input of rules about a whole policy.
func (in *inputs) policy(p *policy.Policy, m meaning, template bool) (*ast.Term, error) {
	doc := p.Document
	statements := make([]*ast.Term, len(doc.Statements))
	for i := range doc.Statements {
		statements[i] = in.statementTerm(p, &doc.Statements[i], 0, nil)
	}
	body := object(
		field("version", textTerm(doc.Version, 0)),
		field("id", textTerm(doc.ID, 0)),
		field("elements", elementsTerm(doc.Root, nil)),
		field("statements", list(statements)),
		field("size", number(doc.Size())),
		field("problems", problemsTerm(doc.Problems, 0)),
	)
	members := append(in.surroundings(p.Key, p.Form, template), field("policy", body), field("facts", in.factsTerm([]string{"*"})))
	if m.policy != nil {
		access, err := anyTerm(m.policy)
		if err != nil {
			return nil, err
		}
		members = append(members, field("access", access))
	}
	return object(members...), nil
}

func problemsTerm(problems []policy.Problem, skip int) *ast.Term {
	return terms(problems, func(p policy.Problem) *ast.Term {
		return object(field("path", pathTerm(p.Path, skip)), field("want", text(p.Want)))
	})
}

// elementsTerm lists the fields of a mapping as they are written.
func elementsTerm(n *source.Node, base []any) *ast.Term {
	if n == nil {
		return list(nil)
	}
	return terms(n.Members, func(m source.Member) *ast.Term {
		return object(
			field("name", text(m.Key.Text)),
			field("path", pathTerm(join(base, m.Key.Text), 0)),
			field("type", text(typeName(m.Value))),
			field("empty", truth(isEmpty(m.Value))),
		)
	})
}

// policyHas says which needs of rules the statements of a policy meet.
func policyHas(p *policy.Policy) map[Need]bool {
	has := map[Need]bool{}
	for i := range p.Document.Statements {
		for need := range statementHas(&p.Document.Statements[i]) {
			has[need] = true
		}
	}
	return has
}

func statementHas(st *policy.Statement) map[Need]bool {
	has := map[Need]bool{}
	if st.Has("Condition") {
		has[NeedConditions] = true
	}
	if strings.EqualFold(st.Effect.Value, "Deny") {
		has[NeedDenies] = true
	}
	for _, all := range [][]policy.Principal{st.Principals, st.NotPrincipals} {
		for _, p := range all {
			if p.Kind == policy.Service {
				has[NeedServices] = true
			}
		}
	}
	return has
}
