package source

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// loadJSON reads a file's text, or a text of the same length with less in it.
func loadJSON(f *File, text []byte, limits Limits) diag.List {
	f.json = true
	r := newJSONReader(builder{file: f, limits: limits}, text[f.lines.bom:])
	r.at = func(start, end int, pointer string) (diag.Place, []diag.Place) {
		return r.place(f.lines.span(start+f.lines.bom, end+f.lines.bom), pointer), nil
	}
	root := r.read()
	if root != nil {
		f.Documents = []*Document{{Root: root, Range: f.lines.span(0, len(f.Text))}}
		root.own(f)
	}
	return r.found
}

// own says that the scalars of a tree are in a file, where their places say.
func (n *Node) own(f *File) {
	n.file, n.start, n.end = f, n.Place.Range.Start.Offset, n.Place.Range.End.Offset
	for _, item := range n.Items {
		item.own(f)
	}
	for _, m := range n.Members {
		m.Key.own(f)
		m.Value.own(f)
	}
}

// jsonReader makes nodes from JSON text, which is a file's or inside a scalar.
type jsonReader struct {
	builder
	text    []byte
	decoder *json.Decoder
	at      func(start, end int, pointer string) (diag.Place, []diag.Place) // the place and origins of a stretch of the text
	open    []int                                                           // the brackets not closed yet
}

func newJSONReader(b builder, text []byte) *jsonReader {
	r := &jsonReader{builder: b, text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	r.decoder.UseNumber()
	return r
}

// read reads the one document that the text is; nil where it cannot be read, which has been reported.
func (r *jsonReader) read() *Node {
	t, ok := r.next("")
	if !ok {
		return nil
	}
	root := r.value(t, "", 1)
	if root == nil {
		return nil
	}
	if rest := skipSpace(r.text, int(r.decoder.InputOffset())); rest < len(r.text) {
		r.fail(rest, rest+1, "", "unexpected text after the end of the JSON document", "remove it; JSON text is one value")
		return nil
	}
	return root
}

// token is one of the decoder's, with its place in the text.
type token struct {
	value      json.Token
	start, end int
}

// next gives the next token; pointer is where it belongs.
func (r *jsonReader) next(pointer string) (token, bool) {
	before := int(r.decoder.InputOffset())
	start := skipSpace(r.text, before)
	separator := byte(0)
	if start < len(r.text) && (r.text[start] == ',' || r.text[start] == ':') && before > 0 {
		separator = r.text[start]
		start = skipSpace(r.text, start+1)
	}
	value, err := r.decoder.Token()
	if err != nil {
		r.explain(start, separator, pointer)
		return token{}, false
	}
	return token{value: value, start: start, end: int(r.decoder.InputOffset())}, true
}

func skipSpace(text []byte, i int) int {
	for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) >= 0 {
		i++
	}
	return i
}

// value makes the node that starts with a token.
func (r *jsonReader) value(t token, pointer string, level int) *Node {
	place, origins := r.at(t.start, t.end, pointer)
	if r.deep(level, place) || !r.count(place) {
		return nil
	}
	n := &Node{Kind: Scalar, Style: Plain, Place: place, Origins: origins}
	switch v := t.value.(type) {
	case json.Delim:
		return r.collection(n, t, pointer, level)
	case string:
		n.Type, n.Style, n.Text = String, DoubleQuoted, v
	case json.Number:
		n.Type, n.Text = numberType(v.String()), v.String()
	case bool:
		n.Type, n.Text = Bool, strconv.FormatBool(v)
	default:
		n.Type, n.Text = Null, "null"
	}
	return n
}

func (r *jsonReader) collection(n *Node, open token, pointer string, level int) *Node {
	r.open = append(r.open, open.start)
	n.Kind, n.Type, n.Style = Mapping, 0, 0
	if open.value == json.Delim('[') {
		n.Kind = Sequence
	}
	for {
		t, ok := r.next(pointer)
		if !ok {
			return nil
		}
		if d, isDelim := t.value.(json.Delim); isDelim && (d == ']' || d == '}') {
			n.Place, n.Origins = r.at(open.start, t.end, pointer)
			break
		}
		if !r.child(n, t, pointer, level) {
			return nil
		}
	}
	r.open = r.open[:len(r.open)-1]
	r.duplicates(n.Members)
	return n
}

// child reads one more item or field.
func (r *jsonReader) child(n *Node, t token, pointer string, level int) bool {
	if n.Kind == Sequence {
		item := r.value(t, pointer+"/"+strconv.Itoa(len(n.Items)), level+1)
		if item != nil {
			n.Items = append(n.Items, item)
		}
		return item != nil
	}
	name, _ := t.value.(string)
	pointer += "/" + diag.PointerToken(name)
	key := r.value(t, pointer, level+1)
	if key == nil {
		return false
	}
	t, ok := r.next(pointer)
	if !ok {
		return false
	}
	value := r.value(t, pointer, level+1)
	if value == nil {
		return false
	}
	n.Members = append(n.Members, Member{Key: key, Value: value})
	return true
}
