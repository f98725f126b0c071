package rules

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// statement makes the input of rules about one statement.
func (in *inputs) statement(p *spec.Compiled, st *policy.Statement, m *meaning, asked *plan, template bool) *ast.Term {
	parts, read := asked.parts, asked.fields
	var does *ast.Term
	if m.known && len(parts) > 0 {
		does = m.ofStatement(p.Document, st.Index, parts, read.all())
	}
	return object(append(
		in.surroundings(read, p.Key, p.Form, p.Document.Root, p.Labels, template),
		read.term("policy", object(every.text("version", p.Document.Version.Value), every.text("id", p.Document.ID.Value))),
		read.term("statement", in.statementTerm(p, st, len(st.Path), does, asked.count.terms(m.leftover(st.Index, parts)), read)),
		read.lazy("facts", func() *ast.Term { return in.factsTerm(slices.Concat(st.Principals, st.NotPrincipals)...) }),
	)...)
}

// statementTerm writes a statement with paths that leave out their first steps.
func (in *inputs) statementTerm(
	p *spec.Compiled, st *policy.Statement, skip int, does *ast.Term, left []*ast.Term, read fields,
) *ast.Term {
	var faulty []*ast.Term
	principals := func(all []policy.Principal, left []*ast.Term) []*ast.Term {
		items := make([]*ast.Term, len(all))
		for i, pr := range all {
			var rest *ast.Term
			if i < len(left) {
				rest = left[i]
			}
			item, isFaulty := in.principalTerm(p, st, pr, skip, rest, read)
			if items[i] = item; isFaulty {
				faulty = append(faulty, item)
			}
		}
		return items
	}
	plain := func(t policy.Text) *ast.Term { return textTerm(st.Node, t, len(st.Path), skip) }
	return object(
		read.number("index", st.Index), read.term("path", pathTerm(st.Path, skip)), read.text("label", st.Label()),
		read.noted("open", len(st.MoreOf("")) > 0),
		read.lazy("sid", func() *ast.Term { return plain(st.Sid) }),
		read.lazy("effect", func() *ast.Term { return plain(st.Effect) }),
		read.lazy("elements", func() *ast.Term {
			return in.elementsTerm(st.Node, st.Path[skip:], facts.PolicyGrammar().StatementElements)
		}),
		read.lazy("principal_keys", func() *ast.Term { return in.principalKeysTerm(st, skip) }),
		read.list("principals", principals(st.Principals, left)),
		read.list("not_principals", principals(st.NotPrincipals, nil)),
		read.lazy("faulty", func() *ast.Term { return list(faulty) }), // those of the two before
		read.lazy("actions", func() *ast.Term { return in.actionsTerm(st, st.Actions, p.Key, skip) }),
		read.lazy("not_actions", func() *ast.Term { return in.actionsTerm(st, st.NotActions, p.Key, skip) }),
		read.lazy("takes", func() *ast.Term { return in.takesTerm(st) }),
		read.lazy("duties", func() *ast.Term {
			uses, administers, both := in.duties(st)
			return object(every.truth("use", uses), every.truth("administration", administers), every.truth("everything", both))
		}),
		read.lazy("list", func() *ast.Term { return text(listOf(st.Node)) }),
		read.lazy("resources", func() *ast.Term { return terms(st.Resources, plain) }),
		read.lazy("not_resources", func() *ast.Term { return terms(st.NotResources, plain) }),
		read.lazy("conditions", func() *ast.Term { return in.conditionsTerm(st, skip, read) }),
		read.lazy("problems", func() *ast.Term {
			return problemsTerm(st.Node.Resolve, problemsIn(p.Document, st.Path), len(st.Path), skip)
		}),
		read.term("access", does),
	)
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
// list shows that: most rules about the form of principals have nothing else to look at.
func (in *inputs) principalTerm(
	p *spec.Compiled, st *policy.Statement, pr policy.Principal, skip int, left *ast.Term, read fields,
) (term *ast.Term, faulty bool) {
	if pr.Parts != nil {
		return holeTerm(st.Node, policy.Text{Path: pr.Path, Parts: pr.Parts}, len(st.Path), skip, every.text("element", pr.Element), every.text("relation", in.relationOfHole(pr, p.Key))), false
	}
	_, node := st.Node.Resolve(pr.Path[len(st.Path):])
	var fault, nearest string
	if read.has("fault") || read.has("nearest") || read.has("faulty") {
		fault, nearest = principalFault(pr)
		if isNumber(node) {
			fault, nearest = faultNumber, ""
		}
	}
	return object(append(
		in.principalFields(read, pr, p.Key, node),
		read.term("path", pathTerm(pr.Path, skip)), read.text("element", pr.Element), read.truth("named", isNamed(pr)),
		read.text("same", samePrincipal(pr, p.Key)), read.text("list", listOf(node)),
		read.lazy("region", func() *ast.Term { return text(serviceRegion(pr)) }), read.text("fault", fault),
		read.text("nearest", nearest), read.term("left", left),
	)...), fault != "" && listOf(node) == ""
}

// relationOfHole is the relation of a principal of which not all is known: "unknown" where its account is not known either.
func (in *inputs) relationOfHole(pr policy.Principal, key spec.Key) string {
	own := policy.OwnValues{Account: key.Account, Partition: key.Partition, Region: key.Region}
	text := pr.Parts.Fill(own.Glob)
	if parts := strings.SplitN(text, ":", 6); len(parts) == 6 {
		text = parts[4]
	}
	if policy.IsAccountID(text) {
		return in.relation(text, key)
	}
	return "unknown"
}

// principalFields are what a principal has wherever it is written.
func (in *inputs) principalFields(read fields, pr policy.Principal, key spec.Key, node *source.Node) []member {
	return []member{
		read.text("text", pr.Text), read.text("type", typeName(node)),
		read.lazy("read_as", func() *ast.Term { return text(readAs(node)) }), read.text("kind", string(pr.Kind)),
		read.text("partition", pr.Partition), read.text("account", pr.Account), read.text("name", pr.Name),
		read.text("name_path", pr.NamePath), read.text("session", pr.Session),
		read.truth("wildcard", pr.HasWildcard()), read.text("relation", in.relation(pr.Account, key)),
	}
}

// principalKeysTerm lists the fields of Principal and of NotPrincipal.
func (in *inputs) principalKeysTerm(st *policy.Statement, skip int) *ast.Term {
	var all []*ast.Term
	for _, name := range [...]string{"Principal", "NotPrincipal"} {
		if m := st.Node.Member(name); m != nil && m.Value.Kind == source.Mapping {
			keys := in.elementsTerm(m.Value, st.Path[skip:].Append(name), facts.PolicyGrammar().PrincipalTypes)
			keys.Value.(*ast.Array).Foreach(func(key *ast.Term) { all = append(all, key) })
		}
	}
	return list(all)
}

// samePrincipal is a text that is equal for two principals that are the same: an account's bare id and its ARN are.
func samePrincipal(pr policy.Principal, key spec.Key) string {
	if pr.Element == "AWS" && pr.Kind == policy.Account {
		partition := pr.Partition
		if partition == "" {
			partition = key.Partition
		}
		return policy.AccountARN(partition, pr.Account)
	}
	return pr.Text
}
