package policy

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// JSON writes the document in the order of its nodes, every scalar as a string, ending in a newline:
// indented by two spaces, or compact. Equal documents give equal bytes.
func (d *Document) JSON(compact bool) []byte {
	w := writer{compact: compact}
	w.value(d.Root, 0)
	w.out.WriteByte('\n')
	return w.out.Bytes()
}

// Size is the document's size in bytes as it is sent to KMS: compact, without the newline.
func (d *Document) Size() int { return len(d.JSON(true)) - 1 }

type writer struct {
	out     bytes.Buffer
	compact bool
	holes   bool // what is not known is written with what distinguishes it, and so is what may be there beside what is written
}

func (w *writer) value(n *source.Node, depth int) {
	switch n.Kind {
	case source.Mapping:
		w.list('{', '}', len(n.Members), depth, func(i int) {
			w.scalar(n.Members[i].Key)
			w.out.WriteByte(':')
			if !w.compact {
				w.out.WriteByte(' ')
			}
			w.value(n.Members[i].Value, depth+1)
		})
	case source.Sequence:
		w.list('[', ']', len(n.Items), depth, func(i int) { w.value(n.Items[i], depth+1) })
	case source.Scalar:
		if n.Type == source.Null {
			w.out.WriteString("null")
			return
		}
		w.scalar(n)
	}
	if w.holes && n.Open != nil {
		w.text("and more: " + symbol.Of(n.Open).Key())
	}
}

func (w *writer) scalar(n *source.Node) {
	if w.holes && n.Parts != nil {
		w.out.WriteByte('?')
		w.text(n.Parts.Key())
		return
	}
	w.text(n.Text)
}

func (w *writer) list(open, end byte, n, depth int, item func(i int)) {
	w.out.WriteByte(open)
	for i := range n {
		if i > 0 {
			w.out.WriteByte(',')
		}
		w.line(depth + 1)
		item(i)
	}
	if n > 0 {
		w.line(depth)
	}
	w.out.WriteByte(end)
}

func (w *writer) line(depth int) {
	if !w.compact {
		w.out.WriteString("\n" + strings.Repeat("  ", depth))
	}
}

func (w *writer) text(s string) {
	if isPlain(s) {
		w.out.WriteByte('"')
		w.out.WriteString(s)
		w.out.WriteByte('"')
		return
	}
	e := json.NewEncoder(&w.out)
	e.SetEscapeHTML(false)          // < and > are as good as \u003c, and shorter
	_ = e.Encode(s)                 //nolint:errchkjson // a string always encodes
	w.out.Truncate(w.out.Len() - 1) // Encode ends in a newline
}

// isPlain reports whether a text is written as it is: nearly every one is.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
