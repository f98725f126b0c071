package rules

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// specList is what is known of one of a spec's list fields.
type specList struct {
	name  string
	wants policy.PrincipalKind // what a bare name there stands for
	side  string
}

var specLists = [...]specList{
	{"key_admins", policy.User, "admins"},
	{"key_admins_roles", policy.Role, "admins"},
	{"key_users", policy.User, "users"},
	{"key_users_roles", policy.Role, "users"},
	{"external_accounts", policy.Account, "users"},
}

// listField finds a list field by the name that is written; CCKM's own templates write key-admins-roles.
func listField(written string) (specList, bool) {
	if written == "key-admins-roles" {
		written = "key_admins_roles"
	}
	for _, l := range specLists {
		if l.name == written {
			return l, true
		}
	}
	return specList{}, false
}

// listOf is the spec's list field in which a node was written; "" where it was not.
func listOf(n *source.Node) string {
	if n == nil {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(n.Place.Path, "/"), "/")
	l, _ := listField(first)
	return l.name
}

// spec makes the input of rules about a spec as it is written.
func (in *inputs) spec(spec *policy.Spec, policies []*policy.Policy, template bool) *ast.Term {
	form := policy.FormDefault
	if len(spec.Forms) > 0 {
		form = spec.Forms[0]
	}
	forms := terms(spec.Forms, func(f policy.Form) *ast.Term { return text(string(f)) })
	marks, entries := specMarks(spec.Root), list(in.entries(spec))
	body := object(
		field("forms", forms),
		field("fields", terms(spec.Root.Members, specFieldTerm)),
		field("entries", entries),
		field("faulty", faulty(entries)),
		field("values", valueTerm(spec.Root)),
		field("placeholders", list(marks.placeholders)),
		field("characters", list(marks.characters)),
		field("expect", list(in.expectations(spec, policies))),
		field("aliases", list(aliases(spec.Root, nil))),
	)
	return object(append(in.surroundings(spec.Key, form, template), field("spec", body))...)
}

func specFieldTerm(m source.Member) *ast.Term {
	name, form := m.Key.Text, ""
	if l, ok := listField(name); ok {
		name, form = l.name, string(policy.FormLists)
	}
	switch name {
	case "policy":
		form = string(policy.FormPolicy)
	case "policytemplate":
		form = string(policy.FormTemplate)
	case "include", "statements", "delegate_to_iam", "allow_key_deletion":
		form = "addition"
	}
	written := ""
	if m.Value.Kind == source.Scalar {
		written = m.Value.Text
	}
	return object(
		field("name", text(name)),
		field("written", text(m.Key.Text)),
		field("path", pathTerm(diag.Path{m.Key.Text}, 0)),
		field("form", text(form)),
		field("type", text(typeName(m.Value))),
		field("empty", truth(isEmpty(m.Value))),
		field("text", text(written)),
		field("read_as", text(readAs(m.Value))),
	)
}

// entries are the entries of the spec's lists that are scalars.
func (in *inputs) entries(spec *policy.Spec) []*ast.Term {
	var all []*ast.Term
	for _, m := range spec.Root.Members {
		l, ok := listField(m.Key.Text)
		if !ok || m.Value.Kind != source.Sequence {
			continue
		}
		for i, item := range m.Value.Items {
			if item.Kind == source.Scalar && !item.IsNull() {
				all = append(all, in.entry(spec.Key, l, item, i, diag.Path{m.Key.Text, i}))
			}
		}
	}
	return all
}

func (in *inputs) entry(key policy.Key, l specList, item *source.Node, index int, path diag.Path) *ast.Term {
	pr, bare := readEntry(l, item.Text)
	fault, nearest := entryFault(pr, l.wants, bare)
	if isNumber(item) {
		fault, nearest = faultNumber, ""
	}
	return object(
		field("list", text(l.name)),
		field("side", text(l.side)),
		field("wants", text(string(l.wants))),
		field("index", number(index)),
		field("path", pathTerm(path, 0)),
		field("text", text(item.Text)),
		field("type", text(typeName(item))),
		field("quoted", truth(item.Quoted())),
		field("read_as", text(readAs(item))),
		field("kind", text(string(pr.Kind))),
		field("bare", truth(bare)),
		field("partition", text(pr.Partition)),
		field("account", text(pr.Account)),
		field("name", text(pr.Name)),
		field("name_path", text(pr.NamePath)),
		field("session", text(pr.Session)),
		field("wildcard", truth(pr.HasWildcard())),
		field("relation", text(in.relation(pr.Account, key))),
		field("same", text(sameEntry(pr, key, bare))),
		field("fault", text(fault)),
		field("nearest", text(nearest)),
	)
}

// parameterKind is the kind of an entry that a template's parameter will say.
const parameterKind policy.PrincipalKind = "parameter"

// readEntry tells what an entry of a list names: a name alone stands for what the list is of.
func readEntry(l specList, written string) (pr policy.Principal, bare bool) {
	pr = policy.ReadPrincipal("AWS", written, nil)
	switch {
	case strings.Contains(written, "$("):
		return policy.Principal{Kind: parameterKind, Text: written}, false
	case written == "*" || strings.HasPrefix(written, "arn:") || pr.Kind == policy.UniqueID:
		return pr, false
	case l.wants == policy.Account:
		return policy.Principal{Kind: policy.Account, Text: written, Account: written}, true
	}
	cut := strings.LastIndexByte(written, '/') + 1
	return policy.Principal{Kind: l.wants, Text: written, NamePath: written[:cut], Name: written[cut:]}, true
}

// sameEntry is a text that is equal for two entries that name the same principal.
func sameEntry(pr policy.Principal, key policy.Key, bare bool) string {
	switch {
	case pr.Kind == policy.Account:
		return samePrincipal(policy.Principal{Element: "AWS", Kind: pr.Kind, Partition: pr.Partition, Account: pr.Account}, key)
	case bare:
		return policy.ARN{
			Partition: key.Partition, Service: "iam", Account: key.Account,
			Resource: string(pr.Kind) + "/" + pr.NamePath + pr.Name,
		}.String()
	default:
		return pr.Text
	}
}

// specMarks are those in the fields that say who and which key. What a policy, a template
// or a statement is compiled to is looked through there.
func specMarks(root *source.Node) *marks {
	m := &marks{}
	for _, field := range root.Members {
		l, _ := listField(field.Key.Text)
		switch field.Key.Text {
		case l.name, "key-admins-roles", "account", "key", "partition", "region", "regions":
			m.node(field.Value, diag.Path{field.Key.Text})
		}
	}
	return m
}

// aliases are the values that a YAML alias or a merge key stands for.
func aliases(n *source.Node, path diag.Path) []*ast.Term {
	if len(n.Origins) > 0 {
		return []*ast.Term{object(field("path", pathTerm(path, 0)))}
	}
	var all []*ast.Term
	for i, item := range n.Items {
		all = append(all, aliases(item, join(path, i))...)
	}
	for _, m := range n.Members {
		all = append(all, aliases(m.Value, join(path, m.Key.Text))...)
	}
	return all
}
