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
	return read.record(append(
		in.surroundings(p.Key, p.Form, p.Document.Root, p.Labels, template),
		"policy", record("version", p.Document.Version.Value, "id", p.Document.ID.Value),
		"statement", in.statementTerm(p, st, len(st.Path), does, m.leftover(st.Index, parts), read),
		"facts", func() *ast.Term { return in.factsTerm(slices.Concat(st.Principals, st.NotPrincipals)...) },
	)...)
}

// statementTerm writes a statement with paths that leave out their first steps.
func (in *inputs) statementTerm(
	p *policy.Policy, st *policy.Statement, skip int, does *ast.Term, left []access.Leftover, read fields,
) *ast.Term {
	var faulty []*ast.Term
	principals := func(all []policy.Principal, left []access.Leftover) []*ast.Term {
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
		return items
	}
	plain := func(t policy.Text) *ast.Term { return textTerm(st.Node, t, len(st.Path), skip) }
	return read.record(
		"index", st.Index, "path", pathTerm(st.Path, skip), "label", st.Label(), "open", noted(len(st.MoreOf("")) > 0),
		"sid", func() *ast.Term { return plain(st.Sid) },
		"effect", func() *ast.Term { return plain(st.Effect) },
		"elements", func() *ast.Term {
			return in.elementsTerm(st.Node, st.Path[skip:], facts.PolicyGrammar().StatementElements)
		},
		"principal_keys", func() *ast.Term { return in.principalKeysTerm(st, skip) },
		"principals", principals(st.Principals, left),
		"not_principals", principals(st.NotPrincipals, nil),
		"faulty", func() *ast.Term { return list(faulty) }, // those of the two before
		"actions", func() *ast.Term { return in.actionsTerm(st, st.Actions, p.Key, skip) },
		"not_actions", func() *ast.Term { return in.actionsTerm(st, st.NotActions, p.Key, skip) },
		"takes", func() *ast.Term { return in.takesTerm(st) },
		"duties", func() *ast.Term {
			uses, administers, both := in.duties(st)
			return record("use", uses, "administration", administers, "everything", both)
		},
		"list", func() *ast.Term { return text(listOf(st.Node)) },
		"resources", func() *ast.Term { return terms(st.Resources, plain) },
		"not_resources", func() *ast.Term { return terms(st.NotResources, plain) },
		"conditions", func() *ast.Term { return in.conditionsTerm(st, skip, read) },
		"problems", func() *ast.Term {
			return problemsTerm(st.Node.Resolve, problemsIn(p.Document, st.Path), len(st.Path), skip)
		},
		"access", does,
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
// list tells of that: most rules about the form of principals have nothing else to look at.
func (in *inputs) principalTerm(
	p *policy.Policy, st *policy.Statement, pr policy.Principal, skip int, left *access.Leftover, read fields,
) (term *ast.Term, faulty bool) {
	if pr.Parts != nil {
		return holeTerm(st.Node, policy.Text{Path: pr.Path, Parts: pr.Parts}, len(st.Path), skip, "element", pr.Element), false
	}
	_, node := st.Node.Resolve(pr.Path[len(st.Path):])
	var fault, nearest string
	if read.has("fault") || read.has("nearest") || read.has("faulty") {
		fault, nearest = principalFault(pr)
		if isNumber(node) {
			fault, nearest = faultNumber, ""
		}
	}
	return read.record(append(
		in.principalFields(pr, p.Key, node),
		"path", pathTerm(pr.Path, skip), "element", pr.Element, "named", isNamed(pr), "same", samePrincipal(pr, p.Key), "list", listOf(node),
		"region", func() *ast.Term { return text(serviceRegion(pr)) }, "fault", fault, "nearest", nearest, "left", leftoverTerm(left),
	)...), fault != "" && listOf(node) == ""
}

// principalFields are what a principal has wherever it is written.
func (in *inputs) principalFields(pr policy.Principal, key policy.Key, node *source.Node) []any {
	return []any{
		"text", pr.Text, "type", typeName(node), "read_as", func() *ast.Term { return text(readAs(node)) }, "kind", pr.Kind,
		"partition", pr.Partition, "account", pr.Account, "name", pr.Name, "name_path", pr.NamePath, "session", pr.Session,
		"wildcard", pr.HasWildcard(), "relation", in.relation(pr.Account, key),
	}
}

func leftoverTerm(l *access.Leftover) *ast.Term {
	if l == nil {
		return nil
	}
	return record("denied", l.Denied, "bounded", l.Bounded, "nothing", l.Nothing, "outside", leftoverTerm(l.Outside))
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
