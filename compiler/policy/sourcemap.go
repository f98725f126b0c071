package policy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// SourceMap leads from a path of a document to the place in the user's file that it came from.
type SourceMap struct{ root *source.Node }

// NewSourceMap maps the paths below a node.
func NewSourceMap(root *source.Node) SourceMap { return SourceMap{root} }

// Origin is where a value of a document comes from.
type Origin struct {
	Key     diag.Place   // the field's name, where the path ends in a field
	Value   diag.Place   // the value
	Origins []diag.Place // the template's places, the nearest first
	Exact   bool         // false where the path leads nowhere and its nearest ancestor is in
}

// Find gives a path's origin; for a path that leads nowhere that of its nearest ancestor. Where one value represents a
// list of one, position 0 leads to it.
func (m SourceMap) Find(path diag.Path) Origin {
	path = m.written(path)
	for n := len(path); n >= 0; n-- {
		key, value := m.root.Resolve(path[:n])
		if value == nil {
			continue
		}
		whole := n == 0 && (value.Hole() != nil || IsPending(value)) // whatever the path leads to will be here
		o := Origin{Value: value.Place, Origins: value.Origins, Exact: n == len(path) || whole}
		if key != nil {
			o.Key = key.Place
		}
		return o
	}
	return Origin{}
}

// written is a path without the position 0 of what is written without a list.
func (m SourceMap) written(path diag.Path) diag.Path {
	at := m.root
	kept := make(diag.Path, 0, len(path))
	for i, step := range path {
		if step == 0 && at != nil && at.Kind != source.Sequence {
			continue
		}
		kept = append(kept, step)
		if _, at = at.Resolve(diag.Path{step}); at == nil {
			return append(kept, path[i+1:]...)
		}
	}
	return kept
}

// Replace is the edit that writes another text for the value that a path leads to, or for its field's name; false where that does
// not are in the user's file as it is.
func (m SourceMap) Replace(path diag.Path, atKey bool, text string) (diag.Edit, bool) {
	path = m.written(path)
	key, value := m.root.Resolve(path)
	if !atKey {
		return value.Replace(text)
	}
	if len(path) > 0 {
		if _, around := m.root.Resolve(path[:len(path)-1]); around.Member(text) != nil {
			return diag.Edit{}, false // it has such a field already
		}
	}
	return key.Replace(text)
}

// ReplaceWith is the edit that writes a value of any kind for what a path leads to, as source.Node.ReplaceWith.
func (m SourceMap) ReplaceWith(path diag.Path, value any) (diag.Edit, bool) {
	_, node := m.root.Resolve(m.written(path))
	return node.ReplaceWith(value)
}

// Remove is the edit that takes the item that a path leads to out of its list, as source.Node.Remove.
func (m SourceMap) Remove(path diag.Path) (diag.Edit, bool) {
	if len(path) == 0 {
		return diag.Edit{}, false
	}
	_, list := m.root.Resolve(path[:len(path)-1])
	i, isPosition := path[len(path)-1].(int)
	if !isPosition {
		return diag.Edit{}, false
	}
	return list.Remove(i)
}

// Add is the edits that put a value into the mapping or the list that a path leads to, as source.Node.Add.
func (m SourceMap) Add(path diag.Path, value any) ([]diag.Edit, bool) {
	_, node := m.root.Resolve(m.written(path))
	return node.Add(value)
}
