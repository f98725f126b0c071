package source

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// NewText makes a scalar of literal parts and holes. It is a plain string where no part is a hole.
func NewText(place diag.Place, parts ...symbol.Part) *Node {
	text, literal, known := symbol.NewText(parts...)
	if known {
		return NewScalar(literal, place)
	}
	n := NewScalar(text.String(), place)
	n.Parts = text
	return n
}

// NewHole makes a node that is not known as a whole. The place of the hole says what it can be: in the place of a statement,
// of a Condition or of a whole policy it is one of these, and in the place of a list it is one value or a list of them.
func NewHole(h *symbol.Hole) *Node {
	return NewText(h.Place, symbol.Part{Hole: h})
}

// NewOpen marks a list or a mapping as one that may have more members than are written, which the hole represents.
func NewOpen(n *Node, more *symbol.Hole) *Node {
	c := *n
	c.Open = more
	return &c
}

// Hole is the hole that the node is as a whole; nil where it is known, or is a text with literal parts.
func (n *Node) Hole() *symbol.Hole {
	if n == nil {
		return nil
	}
	return n.Parts.Whole()
}

// IsKnown reports whether neither the node nor anything below it is a hole.
func (n *Node) IsKnown() bool { return n.FirstHole() == nil }

// FirstHole is the first hole of the node and of all below it, in the order of the document; nil where all is known.
func (n *Node) FirstHole() *symbol.Hole {
	if n == nil {
		return nil
	}
	if h := n.Parts.First(); h != nil {
		return h
	}
	for _, item := range n.Items {
		if h := item.FirstHole(); h != nil {
			return h
		}
	}
	for _, m := range n.Members {
		if h := m.Key.FirstHole(); h != nil {
			return h
		}
		if h := m.Value.FirstHole(); h != nil {
			return h
		}
	}
	return n.Open
}
