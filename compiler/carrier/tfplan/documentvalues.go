package tfplan

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/carrier/policydocument"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// documentValues are the values that the policies of data.aws_iam_policy_document are made of.
type documentValues struct{}

type documentObject = policydocument.Object[*source.Node, *symbol.Hole]

func (documentValues) Text(s string, at diag.Place) *source.Node { return source.NewScalar(s, at) }

func (documentValues) List(l documentList) *source.Node {
	return opened(source.NewSequence(l.Place, l.Items...), l.More)
}

func (documentValues) Object(o documentObject) *source.Node {
	out := source.NewMapping(o.Place)
	for _, f := range o.Fields {
		out.Members = append(out.Members, source.Member{Key: f.Name, Value: f.Value})
	}
	return opened(out, o.More)
}

func opened(n *source.Node, more *symbol.Hole) *source.Node {
	if more == nil {
		return n
	}
	return source.NewOpen(n, more)
}

func (documentValues) AsList(n *source.Node) (documentList, bool) {
	return documentList{Place: n.Place, Items: n.Items, More: n.Open}, n.Kind == source.Sequence
}

func (documentValues) AsObject(n *source.Node) (o documentObject, is bool) {
	if n.Kind != source.Mapping {
		return o, false
	}
	o.Place, o.More = n.Place, n.Open
	for _, m := range n.Members {
		o.Fields = append(o.Fields, policydocument.Field[*source.Node]{Name: m.Key, Value: m.Value})
	}
	return o, true
}

func (documentValues) Hole(n *source.Node) (*symbol.Hole, bool) { return n.Hole(), n.Hole() != nil }

func (documentValues) Known(n *source.Node) (s policydocument.Scalar, known bool) {
	if n.Kind != source.Scalar || n.IsNull() || !n.IsKnown() {
		return s, false
	}
	return policydocument.Scalar{Text: n.Text, IsNumber: n.Type == source.Int || n.Type == source.Float}, true
}

func (documentValues) WithVariables(n *source.Node) *source.Node {
	text := policydocument.WithVariables(n.Text)
	if !n.IsString() || text == n.Text {
		return n
	}
	c := *n
	c.Text = text
	return &c
}

func (v documentValues) ID(n *source.Node) string {
	var b strings.Builder
	v.id(n, &b)
	return b.String()
}

func (v documentValues) id(n *source.Node, b *strings.Builder) {
	switch h := n.Hole(); {
	case h != nil:
		b.WriteString("\x01" + h.ID() + "\x02")
	case n.Kind == source.Scalar:
		b.WriteString("\x03" + n.Text)
	}
	for _, item := range n.Items {
		b.WriteString("\x04")
		v.id(item, b)
	}
	for _, m := range n.Members {
		b.WriteString("\x05")
		v.id(m.Key, b)
		v.id(m.Value, b)
	}
	if n.Open != nil {
		b.WriteString("\x06" + n.Open.ID())
	}
}

func (documentValues) And(a, b *symbol.Hole) *symbol.Hole {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return symbol.Join(a, b)
}
