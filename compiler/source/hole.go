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
func (n *Node) IsKnown() bool {
	if n == nil {
		return true
	}
	if n.Open != nil || n.Parts.First() != nil {
		return false
	}
	for _, item := range n.Items {
		if !item.IsKnown() {
			return false
		}
	}
	for _, m := range n.Members {
		if !m.Key.IsKnown() || !m.Value.IsKnown() {
			return false
		}
	}
	return true
}
