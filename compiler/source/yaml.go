package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"gopkg.in/yaml.v3"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// loadYAML reads every document of a file that can be read.
func loadYAML(f *File, limits Limits) diag.List {
	var found diag.List
	index := 0
	chunks := f.lines.chunks()
	if len(chunks) > mostDocuments {
		return diag.List{tooManyDocuments(f, chunks[mostDocuments])}
	}
	for _, c := range chunks {
		roots, err := parseYAML(f.Text[c.start:c.end])
		if err != nil {
			found = append(found, syntaxError(f, c, index, err))
			index++
			continue
		}
		if len(roots) == 0 && (c.marked || c.content || index == 0) {
			roots = append(roots, nil)
		}
		for _, root := range roots {
			y := &yamlBuilder{
				builder: builder{file: f, document: index, limits: limits},
				text:    f.Text[:c.end], chunk: c, firstLine: f.lines.yamlLine(c.start),
				marks: leadingMarks(f.Text[c.start:c.end]), built: map[*yaml.Node]*Node{},
			}
			d := &Document{Index: index, Range: f.lines.span(c.start, c.end)}
			if root != nil && !isOmitted(root) && y.affordable(root) {
				d.Root = y.build(root, "", 1, c.start)
			}
			found = append(found, y.found...)
			if !y.stopped {
				f.Documents = append(f.Documents, d)
			}
			index++
		}
	}
	f.Suppressions = suppressions(f)
	return found
}

// parseYAML gives the root of each document in a text. The library's panics become errors: no input may end the run.
func parseYAML(text []byte) (roots []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			roots, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	// Where a mark is left at the start of its buffer, the library takes the first character of each line for one.
	decoder := yaml.NewDecoder(bytes.NewReader(text[leadingMarks(text)*len(byteOrderMark):]))
	for {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			return roots, nil
		}
		if err != nil {
			return nil, err
		}
		if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
			roots = append(roots, n.Content[0])
		}
	}
}

// isOmitted reports whether nothing is written at the node's place.
func isOmitted(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

// yamlBuilder makes nodes from the library's.
type yamlBuilder struct {
	builder
	text      []byte // the file's, up to the document's end
	chunk     chunk
	firstLine int                  // YAML's line, from 0, that the document starts on
	marks     int                  // byte order marks that the library does not see before the first line
	built     map[*yaml.Node]*Node // nil while a node is being built
}

// build makes a node; nil where it has none, which has been reported. floor is where the parent starts.
func (b *yamlBuilder) build(n *yaml.Node, path string, level, floor int) *Node {
	start := b.start(n)
	if n.Kind == yaml.AliasNode {
		return b.alias(n, start, path, level)
	}
	place := b.place(b.file.lines.span(start, start+1), path)
	if b.deep(level, place) || !b.count(place) {
		return nil
	}
	b.built[n] = nil
	node := b.content(n, start, path, level, floor)
	if node == nil {
		return nil
	}
	node.file = b.file
	node.Place = b.place(b.file.lines.span(node.start, node.end), path)
	b.checkTag(n, node)
	b.built[n] = node
	return node
}

// content makes a node that is written here, with its start and its end.
func (b *yamlBuilder) content(n *yaml.Node, start int, path string, level, floor int) *Node {
	switch n.Kind {
	case yaml.ScalarNode:
		return b.scalar(n, start, floor)
	case yaml.SequenceNode:
		return b.sequence(n, b.skipProperties(n, start), path, level)
	case yaml.MappingNode:
		return b.mapping(n, b.skipProperties(n, start), path, level)
	default:
		return nil
	}
}

// skipProperties steps over a node's own anchor and tag, never over those of a first key that starts where its mapping does.
func (b *yamlBuilder) skipProperties(n *yaml.Node, i int) int {
	anchor, tag := n.Anchor != "", n.Style&yaml.TaggedStyle != 0
	if n.Kind == yaml.ScalarNode || n.Style&yaml.FlowStyle != 0 && len(n.Content) == 0 {
		tag = true
	}
	for i < len(b.text) && (anchor && b.text[i] == '&' || tag && b.text[i] == '!') {
		if b.text[i] == '&' {
			anchor = false
		} else {
			tag = false
		}
		i = skipWord(b.text, i)
		next := skipBlanks(b.text, i)
		if isOmittedValue(n) && (next >= len(b.text) || b.text[next] != '!' && b.text[next] != '&') {
			return i
		}
		i = next
	}
	return i
}

// isOmittedValue reports whether a node has at most an anchor and a tag.
func isOmittedValue(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0
}

func (b *yamlBuilder) scalar(n *yaml.Node, start, floor int) *Node {
	node := &Node{Kind: Scalar, Type: scalarType(n), Style: Plain, Text: n.Value}
	start = b.skipProperties(n, start)
	var end int
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		node.Style = DoubleQuoted
		end = quotedEnd(b.text, start)
	case n.Style&yaml.SingleQuotedStyle != 0:
		node.Style = SingleQuoted
		end = quotedEnd(b.text, start)
	case n.Style&yaml.LiteralStyle != 0:
		node.Style = Literal
		end = blockEnd(b.text, start, n.Value)
	case n.Style&yaml.FoldedStyle != 0:
		node.Style = Folded
		end = blockEnd(b.text, start, n.Value)
	case n.Value == "":
		// The library puts a value that is left out before whatever comes next; it belongs behind its key.
		for n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 && start > floor && blankBefore(b.text, start) {
			start--
		}
		end = start
	default:
		end = plainEnd(b.text, start, n.Value)
	}
	node.start, node.end = start, end
	return node
}

func (b *yamlBuilder) sequence(n *yaml.Node, start int, path string, level int) *Node {
	node := &Node{Kind: Sequence, start: start, end: start + 1}
	for i, child := range n.Content {
		v := b.build(child, path+"/"+strconv.Itoa(i), level+1, start)
		if v == nil {
			if b.stopped {
				return nil
			}
			continue
		}
		node.Items = append(node.Items, v)
		node.grow(v)
	}
	if n.Style&yaml.FlowStyle != 0 {
		node.end = flowEnd(b.text, node.end, ']')
	}
	return node
}

// checkTag reports a tag that has no meaning here.
func (b *yamlBuilder) checkTag(n *yaml.Node, node *Node) {
	if n.Style&yaml.TaggedStyle == 0 {
		return
	}
	switch tag := n.ShortTag(); {
	case node.Kind == Scalar && scalarTypes[tag] != 0, node.Kind == Mapping && tag == "!!map", node.Kind == Sequence && tag == "!!seq":
	default:
		b.report("syntax-error", fmt.Sprintf("the tag %s is not known here", tag), "write the value without the tag", node.Place)
	}
}
