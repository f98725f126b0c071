package source

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// affordable reports whether a document keeps to the limit of nodes once its aliases are followed. It is asked before
// anything is built: a few lines of aliases to aliases can represent more nodes than there is memory.
func (b *yamlBuilder) affordable(root *yaml.Node) bool {
	m := measure{limit: b.limits.Nodes, sizes: map[*yaml.Node]int{}}
	m.add(root)
	if m.total <= m.limit {
		return true
	}
	b.nodes = m.limit
	b.count(b.place(b.file.lines.span(b.start(m.last), b.start(m.last)+1), ""))
	return false
}

// measure counts the nodes of a document.
type measure struct {
	limit, total int
	sizes        map[*yaml.Node]int // of the nodes that have an anchor
	last         *yaml.Node         // the one that passed the limit
}

// add counts a node and all below it, up to the limit. An alias inside what it names counts as nothing; build refuses it.
func (m *measure) add(n *yaml.Node) {
	before := m.total
	if n.Kind == yaml.AliasNode {
		m.total += m.sizes[n.Alias]
	} else {
		m.total++
	}
	if m.total > m.limit && m.last == nil {
		m.last = n
	}
	for _, child := range n.Content {
		if m.last != nil {
			break
		}
		m.add(child)
	}
	if n.Anchor != "" {
		m.sizes[n] = m.total - before
	}
}

// start is where the library says that a node starts.
func (b *yamlBuilder) start(n *yaml.Node) int {
	column := n.Column - 1
	if n.Line == 1 {
		column += b.marks
	}
	return min(b.file.lines.offset(b.firstLine+n.Line-1, column), len(b.text))
}

// alias copies what an alias names.
func (b *yamlBuilder) alias(n *yaml.Node, start int, path string, level int) *Node {
	rng := b.file.lines.span(start, skipWord(b.text, start))
	target, seen := b.built[n.Alias]
	if target == nil {
		if seen && !b.stopped && n.Alias != nil {
			b.report("oversized-input", fmt.Sprintf("the alias *%s is inside what it names, so it would never end", n.Value), "write the value out", b.place(rng, path))
		}
		return nil
	}
	return b.copyTo(target, rng, path, level)
}
