package source

import (
	"bytes"
	"strings"
)

// outline is what a rough reading of a document that is not YAML shows: brackets, quotes and indentation, and what is wrong with them.
// It reads on where the library gives up, and is used only for messages.
type outline struct {
	text     []byte
	end      int
	brackets []int // open ones
	quote    int   // a quote that is never closed, -1
	mismatch int   // a bracket that closes another kind, or none; -1
	tab      int   // a tab that indents, -1
	junk     int   // what follows a closed quote or bracket and belongs to nothing, -1
}

func newOutline(text []byte, c chunk) *outline {
	o := &outline{text: text, end: c.end, quote: -1, mismatch: -1, tab: -1, junk: -1}
	fresh := true // a value may start here
	for i := c.start; i < o.end; {
		if n := breakLen(text, i); n > 0 {
			i = o.indentation(i + n)
			fresh = true
			continue
		}
		if i == c.start && text[i] == '\t' {
			i = o.indentation(i)
			continue
		}
		i, fresh = o.token(i, fresh)
		if i < 0 {
			break
		}
	}
	return o
}

// indentation steps over the blanks at the start of a line and notes a tab that should indent something.
func (o *outline) indentation(i int) int {
	tab := -1
	for ; i < o.end && (o.text[i] == ' ' || o.text[i] == '\t'); i++ {
		if o.text[i] == '\t' && tab < 0 {
			tab = i
		}
	}
	if tab >= 0 && o.tab < 0 && len(o.brackets) == 0 && i < o.end && breakLen(o.text, i) == 0 && o.text[i] != '#' {
		o.tab = tab
	}
	return i
}

// token reads one token of a line; -1 ends the reading.
func (o *outline) token(i int, fresh bool) (next int, stillFresh bool) {
	switch c := o.text[i]; {
	case c == ' ' || c == '\t':
		return i + 1, fresh
	case c == '#' && (i == 0 || blankBefore(o.text, i)):
		return skipLine(o.text, i), fresh
	case fresh && (c == '"' || c == '\''):
		end := quotedEnd(o.text[:o.end], i)
		if end >= o.end && (o.text[o.end-1] != c || end-1 == i || c == '"' && oddBackslashes(o.text, o.end-1)) {
			o.quote = i
			return -1, false
		}
		return end, false
	case fresh && len(o.brackets) == 0 && (c == '|' || c == '>'):
		return o.skipBlock(i), true
	case c == '[' || c == '{':
		if fresh || len(o.brackets) > 0 {
			o.brackets = append(o.brackets, i)
		}
		return i + 1, true
	case (c == ']' || c == '}') && (len(o.brackets) > 0 || fresh):
		return o.closing(i), false
	case len(o.brackets) > 0 && c == ',', strings.IndexByte("-:?", c) >= 0 && (i+1 >= o.end || blankLen(o.text, i+1) > 0):
		return i + 1, true
	case fresh && (c == '&' || c == '!' || c == '*'):
		return skipWord(o.text, i), true
	default:
		if !fresh && c != ':' && o.junk < 0 {
			o.junk = i
		}
		return o.skipPlain(i), false
	}
}

func (o *outline) closing(i int) int {
	if len(o.brackets) == 0 || o.text[o.brackets[len(o.brackets)-1]]+2 != o.text[i] { // '[' and ']', '{' and '}' are two apart
		o.mismatch = i
		return -1
	}
	o.brackets = o.brackets[:len(o.brackets)-1]
	return i + 1
}

func (o *outline) skipPlain(i int) int {
	for i++; i < o.end; i++ {
		switch c := o.text[i]; {
		case breakLen(o.text, i) > 0, c == '#' && blankBefore(o.text, i):
			return i
		case c == ':' && (i+1 >= o.end || blankLen(o.text, i+1) > 0 || len(o.brackets) > 0 && o.text[i-1] == '"'):
			return i
		case len(o.brackets) > 0 && strings.IndexByte(",[]{}", c) >= 0:
			return i
		}
	}
	return i
}

// skipBlock steps over the lines of a block scalar: those that are empty or indented further than the line that it starts on.
func (o *outline) skipBlock(i int) int {
	indent := o.column(bytes.LastIndexByte(o.text[:i], '\n') + 1)
	i = skipLine(o.text, i)
	for i < o.end {
		start := i + breakLen(o.text, i)
		end := skipLine(o.text, start)
		if len(bytes.TrimSpace(o.text[start:end])) > 0 && o.column(start) <= indent {
			break
		}
		i = end
	}
	return min(i, o.end)
}

func (o *outline) column(start int) int {
	n := 0
	for start+n < o.end && o.text[start+n] == ' ' {
		n++
	}
	return n
}
