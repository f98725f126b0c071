package rules

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// statement makes the input of rules about one statement.
func (in *inputs) statement(p *policy.Policy, st *policy.Statement, m *meaning, parts map[Part]bool, read fields, template bool) *ast.Term {
	var does *ast.Term
	if m.known && len(parts) > 0 {
		does = m.ofStatement(st.Index, parts, read == nil)
	}
	b := in.surroundings(p.Key, p.Form, p.Document.Root, p.Labels, template, read)
	b.add("policy", object(field("version", text(p.Document.Version.Value)), field("id", text(p.Document.ID.Value))))
	b.add("statement", in.statementTerm(p, st, len(st.Path), does, m.leftover(st.Index, parts), read))
	b.term("facts", func() *ast.Term { return in.factsTerm(slices.Concat(st.Principals, st.NotPrincipals)...) })
	return b.object()
}

// statementTerm writes a statement with paths that leave out their first steps.
func (in *inputs) statementTerm(
	p *policy.Policy, st *policy.Statement, skip int, does *ast.Term, left []access.Leftover, read fields,
) *ast.Term {
	var faulty []*ast.Term
	principals := func(all []policy.Principal, left []access.Leftover) func() *ast.Term {
		items := make([]*ast.Term, len(all))
		for i, pr := range all {
			var rest *access.Leftover
			if i < len(left) {
				rest = &left[i]
			}
			item, isFaulty := in.principalTerm(p, st, pr, skip, rest, read)
			if items[i] = item; isFaulty {
				faulty = append(faulty, item)
			}
		}
		return func() *ast.Term { return list(items) }
	}
	plain := func(t policy.Text) *ast.Term { return textTerm(st.Node, t, len(st.Path), skip) }
	b := read.object(20)
	b.add("index", number(st.Index))
	b.add("path", pathTerm(st.Path, skip))
	b.text("label", st.Label())
	b.term("sid", func() *ast.Term { return plain(st.Sid) })
	b.term("effect", func() *ast.Term { return plain(st.Effect) })
	b.term("elements", func() *ast.Term {
		return in.elementsTerm(st.Node, st.Path[skip:], facts.PolicyGrammar().StatementElements)
	})
	b.term("principal_keys", func() *ast.Term { return in.principalKeysTerm(st, skip) })
	if len(st.MoreOf("")) > 0 {
		b.add("open", truth(true))
	}
	b.term("principals", principals(st.Principals, left))
	b.term("not_principals", principals(st.NotPrincipals, nil))
	b.term("faulty", func() *ast.Term { return list(faulty) })
	b.term("actions", func() *ast.Term { return in.actionsTerm(st, st.Actions, p.Key, skip) })
	b.term("not_actions", func() *ast.Term { return in.actionsTerm(st, st.NotActions, p.Key, skip) })
	b.term("takes", func() *ast.Term { return in.takesTerm(st) })
	b.term("duties", func() *ast.Term {
		uses, administers, both := in.duties(st)
		return object(field("use", truth(uses)), field("administration", truth(administers)), field("everything", truth(both)))
	})
	b.term("list", func() *ast.Term { return text(listOf(st.Node)) })
	b.term("resources", func() *ast.Term { return terms(st.Resources, plain) })
	b.term("not_resources", func() *ast.Term { return terms(st.NotResources, plain) })
	b.term("conditions", func() *ast.Term { return in.conditionsTerm(st, skip, read) })
	b.term("problems", func() *ast.Term {
		return problemsTerm(st.Node.Resolve, problemsIn(p.Document, st.Path), len(st.Path), skip)
	})
	if does != nil {
		b.add("access", does)
	}
	return b.object()
}

// problemsIn are a document's problems at or below a path.
func problemsIn(doc *policy.Document, path diag.Path) []policy.Problem {
	var below []policy.Problem
	for _, problem := range doc.Problems {
		if len(problem.Path) >= len(path) && slices.Equal(path, problem.Path[:len(path)]) {
			below = append(below, problem)
		}
	}
	return below
}

// principalTerm writes one entry of Principal or NotPrincipal. It says too whether its form is wrong and no entry of a spec's
// list tells of that: most rules about the form of principals have nothing else to look at.
func (in *inputs) principalTerm(
	p *policy.Policy, st *policy.Statement, pr policy.Principal, skip int, left *access.Leftover, read fields,
) (term *ast.Term, faulty bool) {
	if pr.Parts != nil {
		hole := holeTerm(st.Node, policy.Text{Path: pr.Path, Parts: pr.Parts}, len(st.Path), skip)
		fields, _ := hole.Value.(ast.Object)
		fields.Insert(text("element"), text(pr.Element))
		return hole, false
	}
	_, node := st.Node.Resolve(pr.Path[len(st.Path):])
	b := read.object(20)
	b.add("path", pathTerm(pr.Path, skip))
	in.principalFields(b, pr, p.Key, node)
	b.text("element", pr.Element)
	b.truth("named", isNamed(pr))
	b.term("same", func() *ast.Term { return text(samePrincipal(pr, p.Key)) })
	b.text("list", listOf(node))
	b.term("region", func() *ast.Term { return text(serviceRegion(pr)) })
	if read.has("fault") || read.has("nearest") || read.has("faulty") {
		fault, nearest := principalFault(pr)
		if isNumber(node) {
			fault, nearest = faultNumber, ""
		}
		b.text("fault", fault)
		b.text("nearest", nearest)
		faulty = fault != "" && listOf(node) == ""
	}
	if left != nil {
		b.add("left", leftoverTerm(*left))
	}
	return b.object(), faulty
}

// principalFields are what a principal has wherever it is written.
func (in *inputs) principalFields(b *builder, pr policy.Principal, key policy.Key, node *source.Node) {
	b.text("text", pr.Text)
	b.text("type", typeName(node))
	b.term("read_as", func() *ast.Term { return text(readAs(node)) })
	b.text("kind", string(pr.Kind))
	b.text("partition", pr.Partition)
	b.text("account", pr.Account)
	b.text("name", pr.Name)
	b.text("name_path", pr.NamePath)
	b.text("session", pr.Session)
	b.truth("wildcard", pr.HasWildcard())
	b.text("relation", in.relation(pr.Account, key))
}

func leftoverTerm(l access.Leftover) *ast.Term {
	members := pairs("denied", l.Denied, "bounded", l.Bounded, "nothing", l.Nothing)
	if l.Outside != nil {
		members = append(members, field("outside", leftoverTerm(*l.Outside)))
	}
	return object(members...)
}

// principalKeysTerm lists the fields of Principal and of NotPrincipal.
func (in *inputs) principalKeysTerm(st *policy.Statement, skip int) *ast.Term {
	var all []*ast.Term
	for _, name := range [...]string{"Principal", "NotPrincipal"} {
		if m := st.Node.Member(name); m != nil && m.Value.Kind == source.Mapping {
			keys := in.elementsTerm(m.Value, join(st.Path[skip:], name), facts.PolicyGrammar().PrincipalTypes)
			keys.Value.(*ast.Array).Foreach(func(key *ast.Term) { all = append(all, key) })
		}
	}
	return list(all)
}

// samePrincipal is a text that is equal for two principals that are the same: an account's bare id and its ARN are.
func samePrincipal(pr policy.Principal, key policy.Key) string {
	if pr.Element == "AWS" && pr.Kind == policy.Account {
		partition := pr.Partition
		if partition == "" {
			partition = key.Partition
		}
		return policy.AccountARN(partition, pr.Account)
	}
	return pr.Text
}
