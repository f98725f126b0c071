package source

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// NewScalar makes a string that was not read from a file.
func NewScalar(text string, place diag.Place) *Node {
	return &Node{Kind: Scalar, Type: String, Style: DoubleQuoted, Text: text, Place: place}
}

// NewSequence makes a list.
func NewSequence(place diag.Place, items ...*Node) *Node {
	return &Node{Kind: Sequence, Items: items, Place: place}
}

// NewMapping makes a mapping.
func NewMapping(place diag.Place, members ...Member) *Node {
	return &Node{Kind: Mapping, Members: members, Place: place}
}

// NewMember makes a field of a mapping.
func NewMember(key string, keyPlace diag.Place, value *Node) Member {
	return Member{Key: NewScalar(key, keyPlace), Value: value}
}

// Clone copies a node and all below it.
func (n *Node) Clone() *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Items, c.Members, c.Origins = nil, nil, append([]diag.Place(nil), n.Origins...)
	for _, item := range n.Items {
		c.Items = append(c.Items, item.Clone())
	}
	for _, m := range n.Members {
		c.Members = append(c.Members, Member{Key: m.Key.Clone(), Value: m.Value.Clone()})
	}
	return &c
}

// Any gives the node as plain Go values: map[string]any, []any, string, json.Number, bool and nil.
// Of a key that is there twice the first counts, as in Member. A number that JSON cannot write, such as .inf, and a timestamp are strings.
func (n *Node) Any() any {
	switch {
	case n == nil:
		return nil
	case n.Kind == Mapping:
		fields := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			if _, twice := fields[m.Key.Text]; !twice {
				fields[m.Key.Text] = m.Value.Any()
			}
		}
		return fields
	case n.Kind == Sequence:
		items := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			items = append(items, item.Any())
		}
		return items
	default:
		return n.scalarValue()
	}
}

func (n *Node) scalarValue() any {
	switch n.Type {
	case Null:
		return nil
	case Bool:
		return strings.EqualFold(n.Text, "true")
	case Int, Float:
		if number, ok := jsonNumber(n.Text); ok {
			return number
		}
		return n.Text
	case String, Timestamp:
		return n.Text
	default:
		return n.Text
	}
}

// jsonNumber writes a YAML number as JSON does: 0x1F as 31, 1_000 as 1000, and digits that are JSON already as they are.
func jsonNumber(text string) (json.Number, bool) {
	if json.Valid([]byte(text)) {
		return json.Number(text), true
	}
	plain := strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return json.Number(strconv.FormatInt(i, 10)), true
	}
	if u, err := strconv.ParseUint(plain, 0, 64); err == nil {
		return json.Number(strconv.FormatUint(u, 10)), true
	}
	f, err := strconv.ParseFloat(plain, 64)
	number := json.Number(strconv.FormatFloat(f, 'g', -1, 64))
	return number, err == nil && json.Valid([]byte(number))
}
