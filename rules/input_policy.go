package rules

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// policy makes the input of rules about a whole policy.
func (in *inputs) policy(p *policy.Policy, m *meaning, parts map[Part]bool, template bool) (*ast.Term, error) {
	doc := p.Document
	statements := make([]*ast.Term, len(doc.Statements))
	for i := range doc.Statements {
		statements[i] = in.statementTerm(p, &doc.Statements[i], 0, nil, m.leftover(i, parts))
	}
	marks := m.marks()
	body := object(
		field("version", textTerm(doc.Version, 0)),
		field("id", textTerm(doc.ID, 0)),
		field("elements", in.elementsTerm(doc.Root, nil, facts.PolicyGrammar().Elements)),
		field("statements", list(statements)),
		field("size", number(m.size)),
		field("size_limit", number(facts.PolicyMaxBytes())),
		field("problems", problemsTerm(doc.Root.Resolve, doc.Problems, 0, 0)),
		field("placeholders", list(marks.placeholders)),
		field("variables", list(marks.variables)),
		field("characters", list(marks.characters)),
	)
	members := append(in.surroundings(p.Key, p.Form, template), field("policy", body), field("facts", in.factsTerm()))
	if m.known && len(parts) > 0 {
		access, err := anyTerm(m.ofPolicy(parts))
		if err != nil {
			return nil, err
		}
		members = append(members, field("access", access))
	}
	return object(members...), nil
}

// problemsTerm writes problems; resolve finds their nodes by paths without their first base steps.
func problemsTerm(resolve func(diag.Path) (*source.Node, *source.Node), problems []policy.Problem, base, skip int) *ast.Term {
	return terms(problems, func(p policy.Problem) *ast.Term {
		_, node := resolve(p.Path[base:])
		written := ""
		if node != nil && node.Kind == source.Scalar {
			written = node.Text
		}
		return object(
			field("path", pathTerm(p.Path, skip)),
			field("kind", text(string(p.Kind))),
			field("type", text(typeName(node))),
			field("text", text(written)),
			field("want", text(p.Want)),
		)
	})
}

// elementsTerm lists the fields of a mapping as they are written, with what each was probably meant to be. Most mappings
// have the same ones.
func (in *inputs) elementsTerm(n *source.Node, base []any, names []string) *ast.Term {
	if n == nil {
		return list(nil)
	}
	var key strings.Builder
	key.WriteString("elements\n" + names[0] + diag.Path(base).Pointer())
	for _, m := range n.Members {
		key.WriteString("\n" + m.Key.Text + "\n" + typeName(m.Value))
		if isEmpty(m.Value) {
			key.WriteString(" empty")
		}
	}
	return in.kept(key.String(), func() *ast.Term { return elements(n, base, names) })
}

func elements(n *source.Node, base []any, names []string) *ast.Term {
	return terms(n.Members, func(m source.Member) *ast.Term {
		means := m.Key.Text
		if !slices.Contains(names, means) {
			means, _ = facts.Nearest(means, names)
		}
		return object(
			field("name", text(m.Key.Text)),
			field("means", text(means)),
			field("path", pathTerm(join(base, m.Key.Text), 0)),
			field("type", text(typeName(m.Value))),
			field("empty", truth(isEmpty(m.Value))),
		)
	})
}
