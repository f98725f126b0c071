package source

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// builder makes the nodes of one document and collects what is wrong with it.
type builder struct {
	file     *File
	document int
	limits   Limits
	nodes    int
	stopped  bool // a limit was passed: the document is given up
	found    diag.List
}

func (b *builder) place(rng diag.Range, path string) diag.Place {
	return diag.Place{File: b.file.Name, Document: b.document, Range: rng, Path: path}
}

func (b *builder) report(reason, message, help string, place diag.Place, related ...diag.Related) {
	b.found = append(b.found, diag.Diagnostic{
		Rule: ruleSyntax, Reason: reason, Severity: diag.Error, Message: message, Help: help, Place: place, Related: related,
	})
}

// count takes one node from the limit; false says that none is left.
func (b *builder) count(place diag.Place) bool {
	b.nodes++
	if b.nodes > b.limits.Nodes && !b.stopped {
		b.stop(place, fmt.Sprintf("the document has more than %d values once its aliases are followed, which is the most that is read", b.limits.Nodes))
	}
	return !b.stopped
}

// deep reports whether a level of nesting is too deep.
func (b *builder) deep(level int, place diag.Place) bool {
	if level > b.limits.Depth && !b.stopped {
		b.stop(place, fmt.Sprintf("the document is nested more than %d levels deep, which is the most that is read", b.limits.Depth))
	}
	return b.stopped
}

func (b *builder) stop(place diag.Place, message string) {
	b.stopped = true
	b.report("oversized-input", message, "", place)
}

// duplicates reports each key that a mapping already has.
func (b *builder) duplicates(members []Member) {
	first := make(map[string]*Node, len(members))
	for _, m := range members {
		before, twice := first[m.Key.Text]
		if !twice {
			first[m.Key.Text] = m.Key
			continue
		}
		b.report("duplicate-mapping-key", fmt.Sprintf("the key `%s` is already used in this mapping; only one of the two could count", m.Key.Text),
			"keep one, or merge the two", m.Key.Place, diag.Related{Place: before.Place, Message: "first used here"})
	}
}

// copyTo copies a node to the place of an alias, with the places that it comes from as origins.
func (b *builder) copyTo(n *Node, rng diag.Range, path string, level int) *Node {
	place := b.place(rng, path)
	if b.deep(level, place) || !b.count(place) {
		return nil
	}
	c := moved(n, place)
	for _, item := range n.Items {
		v := b.copyTo(item, rng, under(path, n, item), level+1)
		if v == nil {
			return nil
		}
		c.Items = append(c.Items, v)
	}
	for _, m := range n.Members {
		p := under(path, n, m.Value)
		k, v := b.copyTo(m.Key, rng, p, level+1), b.copyTo(m.Value, rng, p, level+1)
		if k == nil || v == nil {
			return nil
		}
		c.Members = append(c.Members, Member{Key: k, Value: v})
	}
	return c
}

// moved is a node without children at another place. Its origin is where it is written; aliases on the way there are left out, as many of them would make each node large.
func moved(n *Node, place diag.Place) *Node {
	c := *n
	c.Items, c.Members = nil, nil
	c.Place = place
	if len(n.Origins) == 0 {
		c.Origins = []diag.Place{n.Place}
	}
	return &c
}

// under gives the path of a parent's child after the parent has moved to another path.
func under(path string, parent, child *Node) string {
	return path + strings.TrimPrefix(child.Place.Path, parent.Place.Path)
}
