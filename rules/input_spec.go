package rules

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// specList is what is known of one of a spec's list fields.
type specList struct {
	name  string
	wants policy.PrincipalKind // what a bare name there represents
	side  string
}

var specLists = [...]specList{
	{"key_admins", policy.User, "admins"},
	{"key_admins_roles", policy.Role, "admins"},
	{"key_users", policy.User, "users"},
	{"key_users_roles", policy.Role, "users"},
	{"external_accounts", policy.Account, "users"},
}

// specListOf is what is known of a list field.
func specListOf(name string) specList {
	return specLists[slices.IndexFunc(specLists[:], func(l specList) bool { return l.name == name })]
}

// listOf is the spec's list field in which a node was written; "" where it was not.
func listOf(n *source.Node) string {
	if n == nil {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(n.Place.Path, "/"), "/")
	if name := spec.FieldName(first); spec.IsListName(name) {
		return name
	}
	return ""
}

// spec makes the input of rules about a spec as it is written.
func (in *inputs) spec(s *spec.Document, policies []*spec.Compiled, read fields, template bool) *ast.Term {
	form := spec.FormDefault
	if len(s.Given) > 0 {
		form = s.Given[0]
	}
	marks := specMarks(s.Root)
	entries, faulty := in.entries(s, read)
	body := object(
		read.lazy("forms", func() *ast.Term { return terms(s.Given, func(f spec.Form) *ast.Term { return text(string(f)) }) }),
		read.lazy("fields", func() *ast.Term { return terms(s.Root.Members, specFieldTerm) }),
		read.list("entries", entries), read.list("faulty", faulty),
		read.lazy("values", func() *ast.Term { return valueTerm(s.Root) }),
		read.list("placeholders", marks.placeholders), read.list("characters", marks.characters),
		read.lazy("expect", func() *ast.Term { return in.expectations(s, policies) }),
		read.lazy("used_by", func() *ast.Term { return in.specUses(s, policies, template) }),
		read.lazy("aliases", func() *ast.Term { return list(aliases(s.Root, nil)) }),
	)
	return object(append(in.surroundings(read, s.Key, form, s.Root, s.Labels, template), read.term("spec", body))...)
}

func specFieldTerm(m source.Member) *ast.Term {
	name, form := spec.FieldName(m.Key.Text), ""
	if spec.IsListName(name) {
		form = string(spec.FormLists)
	}
	switch name {
	case "policy":
		form = string(spec.FormPolicy)
	case "policytemplate":
		form = string(spec.FormTemplate)
	case "include", "statements", "delegate_to_iam", "allow_key_deletion":
		form = "addition"
	}
	written := ""
	if m.Value.Kind == source.Scalar {
		written = m.Value.Text
	}
	return object(
		every.text("name", name), every.text("written", m.Key.Text), every.term("path", pathTerm(diag.Path{m.Key.Text}, 0)),
		every.text("form", form),
		every.text("type", typeName(m.Value)), every.truth("empty", isEmpty(m.Value)), every.text("text", written),
		every.text("read_as", readAs(m.Value)),
	)
}

// entries are the entries of the spec's lists that are scalars, and those of them whose form is wrong.
func (in *inputs) entries(s *spec.Document, read fields) (all, faulty []*ast.Term) {
	for _, f := range s.ListFields {
		if f.Value.Kind != source.Sequence {
			continue
		}
		for i, item := range f.Value.Items {
			if item.Kind == source.Scalar && !item.IsNull() {
				entry, isFaulty := in.entry(s.Key, specListOf(f.Name), item, i, diag.Path{f.Field.Text, i}, read)
				if all = append(all, entry); isFaulty {
					faulty = append(faulty, entry)
				}
			}
		}
	}
	return all, faulty
}

func (in *inputs) entry(
	key spec.Key, l specList, item *source.Node, index int, path diag.Path, read fields,
) (term *ast.Term, faulty bool) {
	pr, bare := readEntry(l, item.Text)
	fault, nearest := entryFault(pr, l.wants, bare)
	if isNumber(item) {
		fault, nearest = faultNumber, ""
	}
	return object(append(
		in.principalFields(read, pr, key, item),
		read.term("path", pathTerm(path, 0)), read.text("list", l.name), read.text("side", l.side),
		read.text("wants", string(l.wants)), read.number("index", index), read.truth("quoted", item.Quoted()),
		read.truth("bare", bare),
		read.lazy("same", func() *ast.Term { return text(sameEntry(pr, key, bare)) }), read.text("fault", fault),
		read.text("nearest", nearest),
	)...), fault != ""
}

// parameterKind is the kind of an entry that a template's parameter will say.
const parameterKind policy.PrincipalKind = "parameter"

// readEntry says what an entry of a list names: a bare name represents what the list is of.
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
func sameEntry(pr policy.Principal, key spec.Key, bare bool) string {
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
		name := spec.FieldName(field.Key.Text)
		if spec.IsListName(name) || slices.Contains([]string{"account", "key", "partition", "region", "regions"}, name) {
			m.node(field.Value, &step{nil, field.Key.Text})
		}
	}
	return m
}

// aliases are the values that a YAML alias or a merge key represents.
func aliases(n *source.Node, path diag.Path) []*ast.Term {
	if len(n.Origins) > 0 {
		return []*ast.Term{object(every.term("path", pathTerm(path, 0)))}
	}
	var all []*ast.Term
	for i, item := range n.Items {
		all = append(all, aliases(item, path.Append(i))...)
	}
	for _, m := range n.Members {
		all = append(all, aliases(m.Value, path.Append(m.Key.Text))...)
	}
	return all
}
