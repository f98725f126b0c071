package tfplan

import (
	"github.com/keypolicy/keypolicy/compiler/carrier/policydocument"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

type (
	document     = policydocument.Document[*source.Node, *symbol.Hole]
	documentList = policydocument.List[*source.Node, *symbol.Hole]
)

// policyDocument rebuilds what data.aws_iam_policy_document will give from its blocks, which a plan has where the document
// itself is only known after apply.
func (r *resource) policyDocument() *source.Node {
	r.plan.used = append(r.plan.used, r)
	return policydocument.Policy(documentValues{}, documentBlock{r.after()})
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

// documentBlock is a block of a data source, as a plan has it.
type documentBlock struct{ value }

func (b documentBlock) Place() diag.Place { return b.place() }

func (b documentBlock) Text(name string) (n *source.Node, at diag.Place, given bool) {
	v := b.get(name)
	if !v.given() {
		return nil, at, false
	}
	return v.scalar(), b.place(), true
}

func (b documentBlock) Texts(name string) (l documentList, at diag.Place, given bool) {
	v := b.get(name)
	l.Place = v.place()
	if v.unknown() {
		l.More = v.structure()
		return l, b.place(), true
	}
	for _, item := range v.items() {
		if item.unknown() || item.node != nil && !item.node.IsNull() {
			l.Items = append(l.Items, item.scalar())
		}
	}
	return l, b.place(), len(l.Items) > 0
}

func (b documentBlock) Blocks(name string) (list []policydocument.Block[*source.Node, *symbol.Hole], more *symbol.Hole) {
	v := b.get(name)
	if v.unknown() {
		return nil, v.structure()
	}
	for _, item := range v.items() {
		list = append(list, documentBlock{item})
	}
	return list, nil
}

func (b documentBlock) Documents(name string) (list []document) {
	v := b.get(name)
	items := []value{v}
	if v.node != nil && v.node.Kind == source.Sequence {
		items = b.resource.documents(v)
	}
	for _, item := range items {
		if item.given() {
			list = append(list, item.asDocument())
		}
	}
	return list
}

func (b documentBlock) Hole(*source.Node) *symbol.Hole { return b.structure() }

// asDocument is the document that a text is. One that cannot be read may have any statements.
func (v value) asDocument() document {
	if d := v.document; d != nil && !d.rebuilding && d.plan.rebuilt < maxRebuilt {
		d.plan.rebuilt++
		d.rebuilding = true
		defer func() { d.rebuilding = false }()
		return document{Root: d.policyDocument()}
	}
	if v.unknown() || !v.node.IsString() {
		return document{Hole: v.structure()}
	}
	root, found := v.node.Embedded(source.DefaultLimits)
	if found.HasErrors() {
		return document{Hole: v.structure()}
	}
	return document{Root: root}
}
