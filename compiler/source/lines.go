package source

import (
	"bytes"
	"sort"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// stride is the distance between two counts of characters, so that a column on a long line is found without counting from its start.
const stride = 128

// lines turns offsets into positions and back. A line ends at a line feed, as editors and reports count;
// YAML's own lines, which also end at a lone carriage return and at three Unicode breaks, are kept beside.
type lines struct {
	text   []byte
	bom    int     // length of the byte order mark at the start, which is in no column
	starts []int   // where each line starts
	yaml   []int   // where each line starts as YAML counts lines
	counts []int32 // characters before each multiple of stride
}

func newLines(text []byte) *lines {
	l := &lines{text: text, bom: len(leadingBOM(text))}
	l.starts = append(l.starts, l.bom)
	l.yaml = append(l.yaml, l.bom)
	for i := l.bom; i < len(text); {
		n := breakLen(text, i)
		if n == 0 {
			i++
			continue
		}
		i += n
		l.yaml = append(l.yaml, i)
		if text[i-1] == '\n' {
			l.starts = append(l.starts, i)
		}
	}
	count := int32(0)
	for i, c := range text {
		if i%stride == 0 {
			l.counts = append(l.counts, count)
		}
		if startsCharacter(c) {
			count++
		}
	}
	l.counts = append(l.counts, count)
	return l
}

func startsCharacter(c byte) bool { return c&0xC0 != 0x80 }

// before counts the characters that start before an offset.
func (l *lines) before(off int) int {
	if off >= len(l.text) {
		return int(l.counts[len(l.counts)-1])
	}
	block := off / stride
	n := int(l.counts[block])
	for _, c := range l.text[block*stride : off] {
		if startsCharacter(c) {
			n++
		}
	}
	return n
}

// pos gives the position of an offset.
func (l *lines) pos(off int) diag.Pos {
	off = max(l.bom, min(off, len(l.text)))
	line := sort.SearchInts(l.starts, off+1) - 1
	return diag.Pos{Line: line + 1, Column: l.before(off) - l.before(l.starts[line]) + 1, Offset: off}
}

func (l *lines) span(start, end int) diag.Range {
	return diag.Range{Start: l.pos(start), End: l.pos(max(start, end))}
}

// yamlLine says which of YAML's lines, from 0, an offset is on.
func (l *lines) yamlLine(off int) int { return sort.SearchInts(l.yaml, off+1) - 1 }

// offset finds the character with a number, from 0, on one of YAML's lines, from 0.
func (l *lines) offset(line, character int) int {
	if line >= len(l.yaml) {
		return len(l.text)
	}
	want := l.before(l.yaml[line]) + max(0, character)
	block := sort.Search(len(l.counts), func(i int) bool { return int(l.counts[i]) > want }) - 1
	off := max(block*stride, l.yaml[line])
	for n := l.before(off); off < len(l.text); off++ {
		if !startsCharacter(l.text[off]) {
			continue
		}
		if n == want {
			return off
		}
		n++
	}
	return len(l.text)
}

// lineEnd gives the offset of the line feed (or of the carriage return before it) that ends a line, or the text's end.
func (l *lines) lineEnd(off int) int {
	n := bytes.IndexByte(l.text[off:], '\n')
	if n < 0 {
		return len(l.text)
	}
	if n > 0 && l.text[off+n-1] == '\r' {
		n--
	}
	return off + n
}

// breakLen is the length of YAML's line break at an offset, 0 where there is none.
func breakLen(text []byte, i int) int {
	switch text[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(text) && text[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if bytes.HasPrefix(text[i:], []byte("\u0085")) {
			return 2
		}
	case 0xE2:
		if bytes.HasPrefix(text[i:], []byte("\u2028")) || bytes.HasPrefix(text[i:], []byte("\u2029")) {
			return 3
		}
	}
	return 0
}

// blankLen is the length of the space, tab or line break at an offset, 0 where there is none.
func blankLen(text []byte, i int) int {
	if text[i] == ' ' || text[i] == '\t' {
		return 1
	}
	return breakLen(text, i)
}
