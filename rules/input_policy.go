package rules

import (
	"slices"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// policy makes the input of rules about a whole policy.
func (in *inputs) policy(p *policy.Policy, m *meaning, parts map[Part]bool, read fields, template bool) *ast.Term {
	doc, marks := p.Document, m.marks()
	body := read.record(
		"version", textTerm(doc.Root, doc.Version, 0, 0), "id", textTerm(doc.Root, doc.ID, 0, 0), "open", noted(doc.More != nil),
		"elements", func() *ast.Term { return in.elementsTerm(doc.Root, nil, facts.PolicyGrammar().Elements) },
		"statements", func() *ast.Term {
			statements := make([]*ast.Term, len(doc.Statements))
			for i := range doc.Statements {
				statements[i] = in.statementTerm(p, &doc.Statements[i], 0, nil, m.leftover(i, parts), read)
			}
			return list(statements)
		},
		"size", m.size, "size_limit", facts.PolicyMaxBytes(),
		"problems", func() *ast.Term { return problemsTerm(doc.Root.Resolve, doc.Problems, 0, 0) },
		"placeholders", marks.placeholders, "variables", marks.variables, "characters", marks.characters,
		"expect", func() *ast.Term { return in.policyExpectations(p) }, "used_by", func() *ast.Term { return in.policyUses(p) },
	)
	var does *ast.Term
	if m.known && len(parts) > 0 {
		does = m.ofPolicy(parts, read == nil)
	}
	return read.record(append(
		in.surroundings(p.Key, p.Form, doc.Root, p.Labels, template),
		"policy", body, "facts", func() *ast.Term { return in.factsTerm(principalsOf(doc)...) }, "access", does,
	)...)
}

// problemsTerm writes problems; resolve finds their nodes by paths without their first base steps.
func problemsTerm(resolve func(diag.Path) (*source.Node, *source.Node), problems []policy.Problem, base, skip int) *ast.Term {
	return terms(problems, func(p policy.Problem) *ast.Term {
		_, node := resolve(p.Path[base:])
		written := ""
		if node != nil && node.Kind == source.Scalar {
			written = node.Text
		}
		return record(
			"path", pathTerm(p.Path, skip), "kind", p.Kind, "type", typeName(node), "text", written,
			"want", p.Want,
		)
	})
}

// elementsTerm lists the fields of a mapping as they are written, with what each was probably meant to be. Most mappings
// have the same ones.
func (in *inputs) elementsTerm(n *source.Node, base []any, names []string) *ast.Term {
	if n == nil {
		return list(nil)
	}
	key := make(keptKey, 0, 512).add("elements", names[0]).path(base).add("")
	for _, m := range n.Members {
		if m.Key.Parts != nil {
			return elements(n, base, names)
		}
		key = key.add(m.Key.Text, typeName(m.Value), strconv.FormatBool(isEmpty(m.Value)))
	}
	return in.parts.get(string(key), func() *ast.Term { return elements(n, base, names) })
}

func elements(n *source.Node, base []any, names []string) *ast.Term {
	return terms(n.Members, func(m source.Member) *ast.Term {
		if m.Key.Parts != nil {
			return unknown(m.Key.Parts, pathTerm(join(base, m.Key.Text), 0), false)
		}
		means := m.Key.Text
		if !slices.Contains(names, means) {
			means, _ = facts.Nearest(means, names)
		}
		return record(
			"name", m.Key.Text, "means", means, "path", pathTerm(join(base, m.Key.Text), 0),
			"type", typeName(m.Value), "empty", isEmpty(m.Value),
		)
	})
}

// principalsOf are the principals of all of a document's statements.
func principalsOf(doc *policy.Document) []policy.Principal {
	var all []policy.Principal
	for i := range doc.Statements {
		all = append(all, doc.Statements[i].Principals...)
	}
	return all
}
