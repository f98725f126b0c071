package terraform

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// jsonText is a JSON text that is put together from pieces of files, with marks where it is not known.
type jsonText struct {
	place  diag.Place
	out    strings.Builder
	starts []int    // where each stretch starts in the text
	from   []origin // and where that is written
	marks  []piece  // what the marks represent
	stack  []byte   // the brackets that are open
	quoted bool
	escape bool
	last   byte // the last character that is not a blank, outside of texts
}

// mark is a text that nobody writes; between two of them is the index of what is not known.
const mark = "\uE0F1"

// decode reads a text as JSON: what is not known in it becomes a part of the values, with their places.
func (e *evaluator) decode(v *value) (*value, diag.List) {
	j := &jsonText{place: v.place}
	pieces, _ := v.texts()
	for _, p := range pieces {
		if p.literal != "" || p.hole == nil && p.encoded == nil {
			if strings.Contains(p.literal, mark) {
				continue
			}
			j.stretch(p.literal, p.origin)
			j.scan(p.literal)
			continue
		}
		j.unknown(p)
	}
	root, found := source.ReadJSON([]byte(j.out.String()), source.DefaultLimits, j.at)
	if root == nil {
		return nil, found
	}
	return j.value(root), found
}

func (j *jsonText) stretch(s string, o origin) {
	j.starts, j.from = append(j.starts, j.out.Len()), append(j.from, o)
	j.out.WriteString(s)
}

// scan follows which brackets are open and whether a text is.
func (j *jsonText) scan(s string) {
	for i := range len(s) {
		c := s[i]
		switch {
		case j.escape:
			j.escape = false
		case j.quoted && c == '\\':
			j.escape = true
		case c == '"':
			j.quoted = !j.quoted
			j.last = c
		case j.quoted, c == ' ', c == '\t', c == '\n', c == '\r':
		case c == '{', c == '[':
			j.stack, j.last = append(j.stack, c), c
		case c == '}', c == ']':
			j.stack, j.last = j.stack[:max(0, len(j.stack)-1)], c
		default:
			j.last = c
		}
	}
}

// unknown writes a mark: inside of a text as it is, else as a text, or as a field of the object that is open.
func (j *jsonText) unknown(p piece) {
	m := fmt.Sprintf("%s%d%s", mark, len(j.marks), mark)
	j.marks = append(j.marks, p)
	o := origin{place: j.place}
	if p.hole != nil {
		o.place = p.hole.Place
	} else {
		o.place = p.encoded.place
	}
	if j.quoted {
		j.stretch(m, o)
		return
	}
	s := `"` + m + `"`
	inObject := len(j.stack) > 0 && j.stack[len(j.stack)-1] == '{'
	if inObject && j.last != ':' {
		s += ":0"
	}
	if j.last != 0 && !strings.ContainsRune("{[,:", rune(j.last)) {
		s = "," + s
	}
	j.stretch(s, o)
	j.last = '"'
	if inObject {
		j.last = '0'
	}
}

// at is the place of a stretch of the text: that of the literal where it starts.
func (j *jsonText) at(start, end int) diag.Place {
	i := sort.SearchInts(j.starts, start+1) - 1
	if i < 0 {
		return j.place
	}
	if inner, is := j.onlyBetweenQuotes(i, start, end); is {
		return inner
	}
	first, ok := j.within(i, start, end)
	if !ok {
		return j.place
	}
	if k := sort.SearchInts(j.starts, end) - 1; k > i {
		if last, ok := j.within(k, j.starts[k], end); ok && last.File == first.File && last.Range.End.Offset > first.Range.Start.Offset {
			first.Range.End = last.Range.End
		}
	}
	return first
}

// onlyBetweenQuotes is the place of a literal that is all of a text, in the quotes of another one: that of the literal.
func (j *jsonText) onlyBetweenQuotes(i, start, end int) (diag.Place, bool) {
	if i+2 >= len(j.starts) || j.starts[i+1] != start+1 || j.starts[i+2] != end-1 || j.from[i+1].file == nil {
		return diag.Place{}, false
	}
	return j.from[i+1].quoted().span(0, end-start)
}

func (j *jsonText) within(i, start, end int) (diag.Place, bool) {
	o := j.from[i]
	length := j.out.Len() - j.starts[i]
	if i+1 < len(j.starts) {
		length = j.starts[i+1] - j.starts[i]
	}
	return o.span(start-j.starts[i], min(end-j.starts[i], length))
}

// value turns nodes back into values, with what the marks represent.
func (j *jsonText) value(n *source.Node) *value {
	out := &value{place: n.Place}
	switch {
	case n.Kind == source.Sequence:
		out.kind = list
		for _, item := range n.Items {
			if p, ok := j.whole(item); ok && p.hole != nil && j.isBare(item) {
				out.hole = out.hole.and(p.hole)
				continue
			}
			out.items = append(out.items, j.value(item))
		}
	case n.Kind == source.Mapping:
		out.kind = object
		for _, m := range n.Members {
			if p, ok := j.whole(m.Key); ok && p.hole != nil && m.Value.Type == source.Int {
				out.hole = out.hole.and(p.hole)
				continue
			}
			name := j.text(m.Key)
			out.fields = append(out.fields, field{name, j.value(m.Value)})
		}
	case n.IsNull():
		out.kind = null
	case n.Type == source.Bool:
		out.kind, out.literal = boolean, n.Text
	case n.Type != source.String:
		out.kind, out.literal = number, n.Text
	default:
		if p, ok := j.whole(n); ok {
			if p.hole != nil {
				h := newUnknown(p.hole)
				h.place = n.Place
				return h
			}
			if j.isBare(n) {
				return p.encoded
			}
		}
		return j.text(n)
	}
	return out
}

// isBare reports whether a mark is without quotes of the file: its stretch begins with the quote that was put there.
func (j *jsonText) isBare(n *source.Node) bool {
	for i, s := range j.starts {
		if strings.HasPrefix(strings.TrimPrefix(j.out.String()[s:], ","), `"`+n.Text+`"`) && j.from[i].file == nil {
			return true
		}
	}
	return false
}

// whole is what a mark that is a whole text represents.
func (j *jsonText) whole(n *source.Node) (piece, bool) {
	parts := j.pieces(n)
	if len(parts) == 1 && (parts[0].hole != nil || parts[0].encoded != nil) {
		return parts[0], true
	}
	return piece{}, false
}

func (j *jsonText) text(n *source.Node) *value {
	out := newPieces(n.Place)
	out.kind = text
	out.pieces = j.pieces(n)
	return out
}

func (j *jsonText) pieces(n *source.Node) []piece {
	var out []piece
	rest := n.Text
	o := origin{place: n.Place}
	for {
		before, after, found := strings.Cut(rest, mark)
		if before != "" || !found && len(out) == 0 {
			out = append(out, piece{literal: before, origin: o})
		}
		if !found {
			return out
		}
		index, after, _ := strings.Cut(after, mark)
		i := 0
		if _, err := fmt.Sscanf(index, "%d", &i); err == nil && i >= 0 && i < len(j.marks) {
			out = append(out, j.marks[i])
		}
		rest = after
	}
}
