package source

import (
	"gopkg.in/yaml.v3"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func (b *yamlBuilder) mapping(n *yaml.Node, start int, path string, level int) *Node {
	node := &Node{Kind: Mapping, start: start, end: start}
	bracketed := n.Style&yaml.FlowStyle != 0 && start < len(b.text) && b.text[start] == '{'
	if bracketed {
		node.end++
	}
	var merges []merge
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.AliasNode && k.Column == n.Column && k.Line == n.Line && k.Style&yaml.FlowStyle != 0 {
			bracketed = false // "[{a: b}: c]": the bracket is the key's
		}
		name := k.Value
		if k.Kind == yaml.AliasNode && k.Alias != nil {
			name = k.Alias.Value
		}
		member := path + "/" + diag.PointerToken(name)
		key := b.build(k, member, level+1, start)
		node.grow(key)
		value := b.build(v, member, level+1, max(start, node.end))
		node.grow(value)
		if b.stopped {
			return nil
		}
		switch {
		case key == nil || value == nil:
		case key.Kind != Scalar:
			b.report("syntax-error", "a key must be a single value; this one is a "+key.Kind.word(), "write a plain or quoted key", key.Place)
		case k.Tag == "!!merge":
			merges = append(merges, merge{at: len(node.Members), path: path, from: value})
		default:
			node.Members = append(node.Members, Member{Key: key, Value: value})
		}
	}
	if bracketed {
		node.end = flowEnd(b.text, node.end, '}')
	}
	b.duplicates(node.Members)
	b.merge(node, merges)
	if b.stopped {
		return nil
	}
	return node
}

// grow moves a collection's end behind a child's.
func (n *Node) grow(child *Node) {
	if child != nil {
		n.end = max(n.end, child.Place.Range.End.Offset)
	}
}

func (k Kind) word() string {
	if k == Sequence {
		return "list"
	}
	return "mapping"
}

// merge is a "<<" key: the mappings to take fields from, and where among the members they come in.
type merge struct {
	at   int
	path string
	from *Node
}

// merge puts in the fields of "<<" keys. A mapping's own field beats a merged one, an earlier merge a later one
// (https://yaml.org/type/merge.html). A merged field is where the "<<" value is written, its source among its origins.
func (b *yamlBuilder) merge(node *Node, merges []merge) {
	if len(merges) == 0 {
		return
	}
	has := map[string]bool{}
	for _, m := range node.Members {
		has[m.Key.Text] = true
	}
	var members []Member
	next := 0
	for _, m := range merges {
		members = append(members, node.Members[next:m.at]...)
		next = m.at
		sources := []*Node{m.from}
		if m.from.Kind == Sequence {
			sources = m.from.Items
		}
		for _, s := range sources {
			if s.Kind != Mapping {
				b.report("syntax-error", "the key << takes a mapping or a list of mappings, and this is a "+s.what(), `write *NAME of an anchored mapping, or quote the key: "<<"`, s.Place)
				continue
			}
			for _, f := range s.Members {
				if has[f.Key.Text] {
					continue
				}
				has[f.Key.Text] = true
				members = append(members, b.repath(f, m.path+"/"+diag.PointerToken(f.Key.Text)))
			}
		}
	}
	node.Members = append(members, node.Members[next:]...)
}

func (n *Node) what() string {
	if n.Kind == Scalar {
		return "single value"
	}
	return n.Kind.word()
}

// repath gives a merged field the path that it has in the mapping that it went into.
func (b *yamlBuilder) repath(m Member, path string) Member {
	return Member{Key: rebase(m.Key, m.Value.Place.Path, path), Value: rebase(m.Value, m.Value.Place.Path, path)}
}

func rebase(n *Node, from, to string) *Node {
	c := *n
	c.Items, c.Members = nil, nil
	c.Place.Path = to + n.Place.Path[len(from):]
	for _, item := range n.Items {
		c.Items = append(c.Items, rebase(item, from, to))
	}
	for _, m := range n.Members {
		c.Members = append(c.Members, Member{Key: rebase(m.Key, from, to), Value: rebase(m.Value, from, to)})
	}
	return &c
}
