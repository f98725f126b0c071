package source

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Embedded reads a scalar's text as one JSON document.
func (n *Node) Embedded(limits Limits) (*Node, diag.List) {
	r := newJSONReader(builder{file: &File{Name: n.Place.File}, document: n.Place.Document, limits: limits.orDefault()}, []byte(n.Text))
	r.at = func(_, _ int, pointer string) (diag.Place, []diag.Place) {
		p := n.Place
		p.Path += pointer
		return p, n.Origins
	}
	return r.read(), r.found
}
