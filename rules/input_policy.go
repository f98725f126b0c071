package rules

import (
	"slices"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// policy makes the input of rules about a whole policy.
func (in *inputs) policy(p *spec.Compiled, m *meaning, asked *plan, template bool) *ast.Term {
	doc, marks, parts, read := p.Document, m.marks(), asked.parts, asked.fields
	body := object(
		read.term("version", textTerm(doc.Root, doc.Version, 0, 0)), read.term("id", textTerm(doc.Root, doc.ID, 0, 0)),
		read.noted("open", doc.More != nil),
		read.lazy("elements", func() *ast.Term {
			if policy.IsPending(doc.Root) {
				return nil // what it will have is not known
			}
			return in.elementsTerm(doc.Root, nil, facts.PolicyGrammar().Elements)
		}),
		read.lazy("statements", func() *ast.Term {
			statements := make([]*ast.Term, len(doc.Statements))
			for i := range doc.Statements {
				statements[i] = in.statementTerm(p, &doc.Statements[i], 0, nil, asked.count.terms(m.leftover(i, parts)), read)
			}
			return list(statements)
		}),
		read.number("size", m.size), read.number("size_limit", facts.PolicyMaxBytes()),
		read.lazy("problems", func() *ast.Term { return problemsTerm(doc.Root.Resolve, doc.Problems, 0, 0) }),
		read.list("placeholders", marks.placeholders), read.list("variables", marks.variables),
		read.list("characters", marks.characters),
		read.lazy("expect", func() *ast.Term { return in.policyExpectations(p) }),
		read.lazy("used_by", func() *ast.Term { return in.policyUses(p) }),
	)
	var does *ast.Term
	if m.known && len(parts) > 0 {
		does = m.ofPolicy(doc, parts, read.all())
	}
	return object(append(
		in.surroundings(read, p.Key, p.Form, doc.Root, p.Labels, template),
		read.term("policy", body), read.lazy("facts", func() *ast.Term { return in.factsTerm(principalsOf(doc)...) }),
		read.term("access", does),
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
		return object(
			every.term("path", pathTerm(p.Path, skip)), every.text("kind", string(p.Kind)), every.text("type", typeName(node)),
			every.text("text", written),
			every.text("want", p.Want),
		)
	})
}

// elementsTerm lists the fields of a mapping as they are written, with what each was probably meant to be. Most mappings
// have the same ones.
func (in *inputs) elementsTerm(n *source.Node, base diag.Path, names []string) *ast.Term {
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

func elements(n *source.Node, base diag.Path, names []string) *ast.Term {
	return terms(n.Members, func(m source.Member) *ast.Term {
		if m.Key.Parts != nil {
			return unknown(m.Key.Parts, pathTerm(base.Append(m.Key.Text), 0), false)
		}
		means := m.Key.Text
		if !slices.Contains(names, means) {
			means, _ = facts.Nearest(means, names)
		}
		return object(
			every.text("name", m.Key.Text), every.text("means", means), every.term("path", pathTerm(base.Append(m.Key.Text), 0)),
			every.text("type", typeName(m.Value)), every.truth("empty", isEmpty(m.Value)),
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
