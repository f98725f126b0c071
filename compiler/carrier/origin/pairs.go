package origin

import "github.com/keypolicy/keypolicy/compiler/source"

// pairs are what is written for each item of a plan's list: of the same text, of the same Sid, or at the same position; nil for one of
// which that is not known. rest is where these come from; nil where the source does not have them. The provider sorts the values of
// data.aws_iam_policy_document, so that the position of one says nothing.
func (m *match) pairs(n, written *source.Node) (of []*source.Node, rest *source.Node) {
	of = make([]*source.Node, len(n.Items))
	p := &pairing{n.Items, written.Items, of, make([]bool, len(written.Items)), m.left}
	p.take(func(i, j int) bool { return i == j && p.isKnown(j) && p.isLike(i, j) })
	p.take(func(i, j int) bool { return p.isKnown(j) && p.isLike(i, j) })
	p.take(func(i, j int) bool { return sidOf(p.items[i]) != "" && sidOf(p.items[i]) == sidOf(p.written[j]) })
	p.take(func(i, j int) bool { return i == j && !p.isWhole(j) && p.isLike(i, j) })
	p.take(func(i, j int) bool { return !p.isWhole(j) && p.isLike(i, j) })
	if len(p.items) == len(p.written) && written.Open == nil {
		p.take(func(i, j int) bool {
			return i == j && p.items[i].Kind == source.Mapping && (p.isWhole(j) || sidOf(p.items[i]) == sidOf(p.written[j]))
		})
	}
	left := p.unused()
	switch {
	case written.Open != nil && len(left) == 0:
		return of, source.NewHole(written.Open)
	case written.Open != nil, len(left) > 1:
		return of, written
	case len(left) == 1:
		return of, left[0]
	default:
		return of, nil
	}
}

// pairing are two lists of which items are paired.
type pairing struct {
	items, written []*source.Node
	of             []*source.Node
	used           []bool
	left           *int // how many more nodes are compared
}

func (p *pairing) take(ok func(i, j int) bool) {
	for i := range p.items {
		for j := range p.written {
			if *p.left > 0 && p.of[i] == nil && !p.used[j] && ok(i, j) {
				p.of[i], p.used[j] = p.written[j], true
			}
		}
	}
}

func (p *pairing) isLike(i, j int) bool {
	_, alike := newMatch(p.left).node(p.items[i], p.written[j])
	return alike
}

func (p *pairing) isKnown(j int) bool { return p.written[j].IsKnown() }

// isWhole reports whether nothing of an item is known.
func (p *pairing) isWhole(j int) bool { return p.written[j].Hole() != nil }

// unused are the items that are not known as a whole and that are not paired.
func (p *pairing) unused() (left []*source.Node) {
	for j, n := range p.written {
		if !p.used[j] && p.isWhole(j) {
			left = append(left, n)
		}
	}
	return left
}

// sidOf is the Sid of a statement; "" where it has none, or one that is not known.
func sidOf(st *source.Node) string {
	if sid := st.Get("Sid"); sid != nil && sid.IsKnown() {
		return sid.Text
	}
	return ""
}
