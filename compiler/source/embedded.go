package source

import "github.com/keypolicy/keypolicy/compiler/diag"

// Embedded reads a scalar's text as one JSON document, as a policy given as one string is. The nodes and findings inside keep the exact
// places of the file, escapes, folding and indentation followed, and the scalar's path before their own. Where the scalar was copied,
// they have the copy's place and the exact one among their origins. Where its text does not appear in the file unchanged (parameters were
// put in, it was made and not read, or it is itself inside an embedded document), all of them have the whole scalar's place.
func (n *Node) Embedded(limits Limits) (*Node, diag.List) {
	r := newJSONReader(builder{file: &File{Name: n.Place.File}, document: n.Place.Document, limits: limits.orDefault()}, []byte(n.Text))
	r.at = n.inside()
	if n.Kind != Scalar || blank(r.text) {
		r.report("syntax-error", "there is no JSON document here", "write a JSON object", n.Place, diag.Copied(n.Place, n.Origins)...)
		return nil, r.found
	}
	return r.read(), r.found
}

// inside gives the place and origins of a stretch of a scalar's text.
func (n *Node) inside() func(start, end int, pointer string) (diag.Place, []diag.Place) {
	text := n.readText()
	exact := func(p diag.Place, start, end int) diag.Place {
		if text == nil || p.File != n.file.Name || p.Range.Start.Offset != n.start || p.Range.End.Offset != n.end {
			return p
		}
		p.Range = n.file.lines.span(text.span(start, end, n.end))
		return p
	}
	return func(start, end int, pointer string) (diag.Place, []diag.Place) {
		place := exact(n.Place, start, end)
		place.Path += pointer
		var origins []diag.Place
		for _, o := range n.Origins {
			o = exact(o, start, end)
			o.Path += pointer
			origins = append(origins, o)
		}
		return place, origins
	}
}

// span gives the stretch of the file that a stretch of the text is written as.
func (m *textMap) span(start, end, limit int) (from, to int) {
	if start >= len(m.text) {
		return limit, limit
	}
	from, to = int(m.start[start]), limit
	if end <= len(m.text) && end > start {
		to = int(m.end[end-1])
	}
	return from, max(from, to)
}
