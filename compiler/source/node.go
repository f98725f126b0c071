// Package source reads YAML and JSON into nodes that keep their text and their exact place in the file.
// It is the only importer of a YAML library.
package source

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Kind is what a node is.
type Kind uint8

// The kinds of nodes.
const (
	Scalar Kind = iota + 1
	Mapping
	Sequence
)

// Type is what YAML or JSON takes a scalar for. A quoted scalar is always a String.
type Type uint8

// The types of scalars.
const (
	String Type = iota + 1
	Int
	Float
	Bool
	Null
	Timestamp
)

// Style is how a scalar is written.
type Style uint8

// The styles of scalars.
const (
	Plain Style = iota + 1
	SingleQuoted
	DoubleQuoted
	Literal // |
	Folded  // >
)

// Node is one value of a document. After templates are expanded a node may be a copy that is
// elsewhere: its Place is then the place in the spec that brought it in, and Origins holds the
// template's places, the nearest first.
//
// What is not known before a run is part of a node: a scalar has Parts where its text has holes, and Text then shows the holes'
// references; a list or a mapping is Open where it may have more members than are written.
type Node struct {
	Kind    Kind
	Type    Type   // scalars only
	Style   Style  // scalars only
	Text    string // scalars only: as written where plain ("0123" stays "0123"), unescaped where quoted
	Parts   symbol.Text
	Open    *symbol.Hole
	Items   []*Node
	Members []Member
	Place   diag.Place
	Origins []diag.Place

	// Where a scalar's text is, for reading inside it: a copy keeps these while its Place moves.
	// file is nil for nodes that were made, not read, and for those inside an embedded document.
	file       *File
	start, end int
}

// Member is one field of a mapping. Its key is always a scalar.
type Member struct {
	Key, Value *Node
}

// Quoted reports whether a scalar was written with quotes or as a block.
func (n *Node) Quoted() bool { return n.Style != Plain }

// IsString reports whether the node is a scalar that is a string.
func (n *Node) IsString() bool { return n != nil && n.Kind == Scalar && n.Type == String }

// IsNull reports whether the node is the null scalar, written or left out.
func (n *Node) IsNull() bool { return n != nil && n.Kind == Scalar && n.Type == Null }

// Member finds a field by its exact name; nil where there is none.
func (n *Node) Member(name string) *Member {
	if n == nil || n.Kind != Mapping {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Key.Text == name {
			return &n.Members[i]
		}
	}
	return nil
}

// Get gives a field's value; nil where there is none.
func (n *Node) Get(name string) *Node {
	if m := n.Member(name); m != nil {
		return m.Value
	}
	return nil
}

// Resolve follows a path; nil where it leads nowhere. key is the last step's key node where that step is a field.
func (n *Node) Resolve(path diag.Path) (key, value *Node) {
	value = n
	for _, step := range path {
		key = nil
		if value == nil {
			return nil, nil
		}
		switch s := step.(type) {
		case string:
			m := value.Member(s)
			if m == nil {
				return nil, nil
			}
			key, value = m.Key, m.Value
		case int:
			if value.Kind != Sequence || s < 0 || s >= len(value.Items) {
				return nil, nil
			}
			value = value.Items[s]
		default:
			return nil, nil
		}
	}
	return key, value
}
