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
func (in *inputs) statement(p *policy.Policy, st *policy.Statement, m *meaning, parts map[Part]bool, template bool) (*ast.Term, error) {
	var does *ast.Term
	if m.known && len(parts) > 0 {
		var err error
		if does, err = anyTerm(m.ofStatement(st.Index, parts)); err != nil {
			return nil, err
		}
	}
	document := object(field("version", text(p.Document.Version.Value)), field("id", text(p.Document.ID.Value)))
	members := append(in.surroundings(p.Key, p.Form, template),
		field("policy", document),
		field("statement", in.statementTerm(p, st, len(st.Path), does, m.leftover(st.Index, parts))),
		field("facts", in.factsTerm(slices.Concat(st.Principals, st.NotPrincipals)...)),
	)
	return object(members...), nil
}

// statementTerm writes a statement with paths that leave out their first steps.
func (in *inputs) statementTerm(p *policy.Policy, st *policy.Statement, skip int, does *ast.Term, left []access.Leftover) *ast.Term {
	principals := func(all []policy.Principal, left []access.Leftover) *ast.Term {
		items := make([]*ast.Term, len(all))
		for i, pr := range all {
			members := in.principalMembers(p, pr, st.Node.Resolve, len(st.Path), skip)
			if i < len(left) {
				members = append(members, field("left", leftoverTerm(left[i])))
			}
			items[i] = object(members...)
		}
		return list(items)
	}
	plain := func(t policy.Text) *ast.Term { return textTerm(t, skip) }
	named, spared := principals(st.Principals, left), principals(st.NotPrincipals, nil)
	members := []member{
		field("index", number(st.Index)),
		field("label", text(st.Label())),
		field("path", pathTerm(st.Path, skip)),
		field("sid", textTerm(st.Sid, skip)),
		field("effect", textTerm(st.Effect, skip)),
		field("elements", in.elementsTerm(st.Node, st.Path[skip:], facts.PolicyGrammar().StatementElements)),
		field("principal_keys", in.principalKeysTerm(st, skip)),
		field("principals", named),
		field("not_principals", spared),
		field("faulty", faulty(named, spared)),
		field("actions", in.actionsTerm(st.Actions, p.Key, skip)),
		field("not_actions", in.actionsTerm(st.NotActions, p.Key, skip)),
		field("takes", in.takesTerm(st)),
		field("list", text(listOf(st.Node))),
		field("resources", terms(st.Resources, plain)),
		field("not_resources", terms(st.NotResources, plain)),
		field("conditions", in.conditionsTerm(st, skip)),
		field("problems", problemsTerm(st.Node.Resolve, problemsIn(p.Document, st.Path), len(st.Path), skip)),
	}
	if does != nil {
		members = append(members, field("access", does))
	}
	return object(members...)
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

func (in *inputs) principalMembers(
	p *policy.Policy, pr policy.Principal, resolve func(diag.Path) (*source.Node, *source.Node), base, skip int,
) []member {
	_, node := resolve(pr.Path[base:])
	fault, nearest := principalFault(pr)
	if isNumber(node) {
		fault, nearest = faultNumber, ""
	}
	return []member{
		field("kind", text(string(pr.Kind))),
		field("element", text(pr.Element)),
		field("text", text(pr.Text)),
		field("path", pathTerm(pr.Path, skip)),
		field("type", text(typeName(node))),
		field("read_as", text(readAs(node))),
		field("partition", text(pr.Partition)),
		field("account", text(pr.Account)),
		field("name", text(pr.Name)),
		field("name_path", text(pr.NamePath)),
		field("session", text(pr.Session)),
		field("named", truth(isNamed(pr))),
		field("wildcard", truth(pr.HasWildcard())),
		field("relation", text(in.relation(pr.Account, p.Key))),
		field("same", text(samePrincipal(pr, p.Key))),
		field("list", text(listOf(node))),
		field("fault", text(fault)),
		field("nearest", text(nearest)),
		field("region", text(serviceRegion(pr))),
	}
}

func leftoverTerm(l access.Leftover) *ast.Term {
	members := []member{
		field("denied", texts(l.Denied)), field("bounded", texts(l.Bounded)), field("nothing", truth(l.Nothing)),
	}
	if l.Outside != nil {
		members = append(members, field("outside", leftoverTerm(*l.Outside)))
	}
	return object(members...)
}

var (
	faultTerm = ast.InternedTerm("fault")
	listTerm  = ast.InternedTerm("list")
	indexTerm = ast.InternedTerm("index") // an entry of a spec's list has one
	emptyTerm = ast.InternedTerm("")
)

// faulty are those with a fault, but for those that a spec's list names: they are told of there. Most rules about the
// form of principals have nothing else to look at.
func faulty(lists ...*ast.Term) *ast.Term {
	var all []*ast.Term
	for _, l := range lists {
		l.Value.(*ast.Array).Foreach(func(pr *ast.Term) {
			o, _ := pr.Value.(ast.Object)
			if !o.Get(faultTerm).Equal(emptyTerm) && (o.Get(indexTerm) != nil || o.Get(listTerm).Equal(emptyTerm)) {
				all = append(all, pr)
			}
		})
	}
	return list(all)
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
