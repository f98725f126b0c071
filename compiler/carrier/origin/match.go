package origin

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// match is a plan's policy beside what a module writes.
type match struct {
	root    *source.Node
	exact   int                       // how many texts are written in the source, with or without parts that are not known there
	moved   int                       // how many nodes have a place in the source
	whole   bool                      // all texts are written there
	planned map[diag.Place]diag.Place // the places in the plan, by those in the source
	left    *int                      // how many more nodes are compared
}

// mostCompared bounds the nodes that are compared for one policy: each may be compared with all of another list.
const mostCompared = 1 << 20

func newMatch(left *int) *match {
	return &match{whole: true, planned: map[diag.Place]diag.Place{}, left: left}
}

// node is a plan's node with the places of what is written; alike says that all of it is written so.
func (m *match) node(n, written *source.Node) (out *source.Node, alike bool) {
	*m.left--
	switch {
	case *m.left < 0:
	case written.Hole() != nil: // whatever it is, it comes from there
		m.whole = false
		return m.all(n, written.Place), true
	case n.Hole() != nil && n.Kind == source.Scalar && written.Kind != source.Scalar: // the plan does not have what is in it
		return m.move(n, written.Place), true
	case n.Kind == source.Scalar && written.Kind == source.Scalar:
		if isLike(n, written) {
			m.exact++
			return m.move(n, written.Place), true
		}
	case n.Kind == source.Mapping && written.Kind == source.Mapping:
		return m.mapping(n, written)
	case n.Kind == source.Sequence && written.Kind == source.Sequence:
		return m.sequence(n, written)
	case n.Kind == source.Sequence: // the provider makes lists of single values, and single values of lists
		return m.sequence(n, source.NewSequence(written.Place, written))
	case written.Kind == source.Sequence:
		list, alike := m.sequence(source.NewSequence(n.Place, n), written)
		return list.Items[0], alike
	}
	m.whole = false
	return n, false
}

// move is a node at its place in the source.
func (m *match) move(n *source.Node, place diag.Place) *source.Node {
	m.moved++
	if _, have := m.planned[place]; !have {
		m.planned[place] = n.Place
	}
	return at(n, place)
}

// all moves a node and all in it to one place.
func (m *match) all(n *source.Node, place diag.Place) *source.Node {
	out := m.move(n, place)
	out.Items, out.Members = nil, nil
	for _, item := range n.Items {
		out.Items = append(out.Items, m.all(item, place))
	}
	for _, f := range n.Members {
		out.Members = append(out.Members, source.Member{Key: at(f.Key, place), Value: m.all(f.Value, place)})
	}
	return out
}

func (m *match) mapping(n, written *source.Node) (*source.Node, bool) {
	alike := true
	out := *n
	out.Members = make([]source.Member, 0, len(n.Members))
	for _, f := range n.Members {
		w := memberLike(f.Key, written)
		switch {
		case w != nil:
			value, same := m.node(f.Value, w.Value)
			f, alike = source.Member{Key: m.move(f.Key, w.Key.Place), Value: value}, alike && same
		case written.Open != nil:
			m.whole = false
			f = source.Member{Key: m.move(f.Key, written.Open.Place), Value: m.all(f.Value, written.Open.Place)}
		default:
			alike, m.whole = false, false
		}
		out.Members = append(out.Members, f)
	}
	for _, w := range written.Members {
		if n.Member(w.Key.Text) == nil && n.Open == nil && !w.Value.IsNull() && w.Key.IsKnown() {
			alike, m.whole = false, false
		}
	}
	if !alike {
		return &out, false
	}
	return m.move(&out, written.Place), true
}

// memberLike is the field of a name, or one of which the name's known parts are those; nil where there is none.
func memberLike(key, written *source.Node) *source.Member {
	if w := written.Member(key.Text); w != nil {
		return w
	}
	for i, w := range written.Members {
		if !w.Key.IsKnown() && isLike(key, w.Key) {
			return &written.Members[i]
		}
	}
	return nil
}

// sequence finds for each item what is written so.
func (m *match) sequence(n, written *source.Node) (*source.Node, bool) {
	alike := true
	out := *n
	out.Items = make([]*source.Node, len(n.Items))
	of, rest := m.pairs(n, written)
	for i, item := range n.Items {
		switch {
		case of[i] != nil:
			one, same := m.node(item, of[i])
			out.Items[i], alike = one, alike && same
		case rest != nil:
			m.whole = false
			out.Items[i] = m.all(item, rest.Place)
		default:
			out.Items[i] = item
			alike, m.whole = false, false
		}
	}
	if !alike {
		return &out, false
	}
	return m.move(&out, written.Place), true
}

// isLike reports whether a text of a plan may be what is written: the parts that are known are in it.
func isLike(n, written *source.Node) bool {
	switch {
	case !n.IsKnown():
		return !written.IsKnown()
	case written.IsKnown():
		return n.Text == written.Text
	default:
		return written.Parts.Fits(n.Text)
	}
}
