package tfplan

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// value is a value of a planned resource: what is known of it, what is not, and the expression that it was written as.
type value struct {
	node       *source.Node // nil where the plan has none
	mask       *source.Node // of the plan's after_unknown: true, or a collection with true in it
	expression *source.Node // of its configuration; nil where that is not known
	resource   *resource
	parent     *source.Node // the nearest value that has a place
	inList     bool         // the expression is the whole list's
	document   *resource    // the document that the value will be; nil where it is another, or known
}

// place is where the value is in the plan, or what it is in.
func (v value) place() diag.Place {
	if v.node != nil {
		return v.node.Place
	}
	return v.parent.Place
}

// unknown reports whether the whole value is only known after apply.
func (v value) unknown() bool {
	return v.mask != nil && v.mask.Type == source.Bool && v.mask.Text == "true"
}

// given reports whether there is a value, known or not. Terraform has null, and some providers "", for what is not written.
func (v value) given() bool {
	return v.unknown() || v.node != nil && !v.node.IsNull() && (v.node.Kind != source.Scalar || v.node.Text != "")
}

// get is an attribute of a block.
func (v value) get(name string) value {
	out := value{node: v.node.Get(name), mask: v.mask.Get(name), expression: v.expression.Get(name), resource: v.resource, parent: v.parent}
	if v.node != nil {
		out.parent = v.node
	}
	if v.unknown() {
		out.mask = v.mask
	}
	return out
}

// items are the values of a list; none where it is not known how many there are.
func (v value) items() []value {
	if v.node == nil || v.node.Kind != source.Sequence {
		return nil
	}
	list := make([]value, 0, len(v.node.Items))
	for i, n := range v.node.Items {
		item := value{node: n, resource: v.resource, parent: v.node}
		if v.mask != nil && i < len(v.mask.Items) {
			item.mask = v.mask.Items[i]
		}
		switch e := v.expression; {
		case e == nil:
		case e.Kind == source.Sequence && len(e.Items) == len(v.node.Items): // blocks, of which none is dynamic
			item.expression = e.Items[i]
		case e.Kind == source.Mapping: // a list is one expression
			item.expression, item.inList = e, len(v.node.Items) > 1
		}
		list = append(list, item)
	}
	return list
}

// scalar is the value as a policy has it.
func (v value) scalar() *source.Node {
	if v.unknown() || v.node == nil {
		return source.NewHole(v.symbol())
	}
	return v.node
}
