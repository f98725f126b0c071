package tfplan

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// policyDocument rebuilds what data.aws_iam_policy_document will give from its blocks, which a plan has where the document
// itself is only known after apply. Defaults are the provider's: the effect is Allow, the version 2012-10-17.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func (r *resource) policyDocument() *source.Node {
	v := r.after()
	r.plan.used = append(r.plan.used, r)
	place := v.node.Place
	statements := source.NewSequence(place)
	sources := r.documents(v.get("source_policy_documents"))
	if s := v.get("source_json"); s.given() {
		sources = append([]value{s}, sources...)
	}
	overrides := r.documents(v.get("override_policy_documents"))
	if s := v.get("override_json"); s.given() {
		overrides = append(overrides, s)
	}
	for _, s := range sources {
		merge(statements, documentStatements(s))
	}
	own := source.NewSequence(place)
	for _, st := range v.get("statement").items() {
		own.Items = append(own.Items, statement(st))
	}
	if v.get("statement").unknown() {
		own = v.get("statement").openList(place)
	}
	merge(statements, own)
	for _, s := range overrides {
		merge(statements, documentStatements(s))
	}
	version := source.NewScalar("2012-10-17", place)
	if w := v.get("version"); w.given() {
		version = w.scalar()
	}
	out := source.NewMapping(place, source.NewMember("Version", place, version))
	if id := v.get("policy_id"); id.given() {
		out.Members = append(out.Members, source.NewMember("Id", place, id.scalar()))
	}
	out.Members = append(out.Members, source.NewMember("Statement", place, statements))
	return out
}

// maxRebuilt bounds the documents of documents that are rebuilt: a chain that doubles at each of them would never end.
const maxRebuilt = 1000

// documents are the documents of a list. One that is only known after apply is rebuilt too, where the expression has as many
// names as the list has documents: Terraform has them in the expression's order.
func (r *resource) documents(v value) []value {
	list := v.items()
	refs := referencesOf(r.module, v.expression)
	if len(refs) != len(list) {
		return list
	}
	for i := range list {
		if !list[i].unknown() {
			continue
		}
		if d := r.documentOf(refs[i]); d != nil && d != r {
			list[i].document = d
		}
	}
	return list
}

// merge adds statements to a list. One with the Sid of a statement that is there takes its place.
func merge(to, more *source.Node) {
	for _, st := range more.Items {
		at := -1
		if sid := st.Get("Sid"); sid.IsString() && sid.Text != "" {
			for i, have := range to.Items {
				if s := have.Get("Sid"); s.IsString() && s.Text == sid.Text {
					at = i
				}
			}
		}
		if at >= 0 {
			to.Items[at] = st
		} else {
			to.Items = append(to.Items, st)
		}
	}
	openAs(to, more)
}

// documentStatements are the statements of a document that is given as text; more may be there where it is not known.
func documentStatements(v value) *source.Node {
	if d := v.document; d != nil && !d.rebuilding && d.plan.rebuilt < maxRebuilt {
		d.plan.rebuilt++
		d.rebuilding = true
		defer func() { d.rebuilding = false }()
		return d.policyDocument().Get("Statement")
	}
	if v.unknown() || !v.node.IsString() {
		return v.openList(v.place())
	}
	root, found := v.node.Embedded(source.DefaultLimits)
	if found.HasErrors() || root.Kind != source.Mapping {
		return v.openList(v.place())
	}
	list := root.Get("Statement")
	if list == nil || list.Kind != source.Sequence {
		one := source.NewSequence(v.place())
		if list != nil {
			one.Items = append(one.Items, list)
		}
		return one
	}
	return list
}

// statement rebuilds one statement from its block.
func statement(v value) *source.Node {
	place := v.place()
	out := source.NewMapping(place)
	add := func(name string, n *source.Node) {
		if n != nil {
			out.Members = append(out.Members, source.NewMember(name, place, n))
		}
	}
	if sid := v.get("sid"); sid.given() {
		add("Sid", sid.scalar())
	}
	if effect := v.get("effect"); effect.given() {
		add("Effect", effect.scalar())
	} else {
		add("Effect", source.NewScalar("Allow", place))
	}
	add("Principal", principals(v.get("principals")))
	add("NotPrincipal", principals(v.get("not_principals")))
	add("Action", v.get("actions").list())
	add("NotAction", v.get("not_actions").list())
	add("Resource", v.get("resources").list())
	add("NotResource", v.get("not_resources").list())
	add("Condition", conditions(v.get("condition")))
	return out
}

// principals rebuilds Principal from its blocks: {"AWS": […], "Service": […]}, or "*" where the type is "*".
func principals(v value) *source.Node {
	if v.unknown() {
		return v.hole()
	}
	if len(v.items()) == 0 {
		return nil
	}
	out := source.NewMapping(v.place())
	for _, block := range v.items() {
		kind, identifiers := block.get("type"), block.get("identifiers").list()
		if kind.unknown() || identifiers == nil {
			return block.hole()
		}
		if kind.node.Text == "*" {
			return source.NewScalar("*", kind.place())
		}
		addList(out, kind, identifiers)
	}
	return out
}

// addList adds a field with a list to a mapping, or the list's items to those that the field has.
func addList(to *source.Node, name value, list *source.Node) {
	have := to.Get(name.node.Text)
	if have == nil {
		to.Members = append(to.Members, source.NewMember(name.node.Text, name.place(), list))
		return
	}
	have.Items = append(have.Items, list.Items...)
	openAs(have, list)
}

// conditions rebuilds Condition from its blocks: {test: {variable: [values]}}.
func conditions(v value) *source.Node {
	if v.unknown() {
		return v.hole()
	}
	if len(v.items()) == 0 {
		return nil
	}
	out := source.NewMapping(v.place())
	for _, block := range v.items() {
		test, variable := block.get("test"), block.get("variable")
		if test.unknown() || variable.unknown() || block.unknown() {
			return block.hole()
		}
		keys := out.Get(test.node.Text)
		if keys == nil {
			keys = source.NewMapping(test.place())
			out.Members = append(out.Members, source.NewMember(test.node.Text, test.place(), keys))
		}
		values := block.get("values").list()
		if values == nil {
			values = source.NewSequence(block.place())
		}
		addList(keys, variable, values)
	}
	return out
}

// iamVariables writes IAM's variables, which the data source takes as &{…}, as IAM has them.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document#context-variable-interpolation
func iamVariables(text string) string { return strings.ReplaceAll(text, "&{", "${") }
