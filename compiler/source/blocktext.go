package source

import "strings"

// block reads a block scalar: its lines without their indentation, folded where the style is Folded (YAML 1.2, 8.1).
func (m *textMap) block(src []byte, n *Node) {
	header := blockHeaderEnd(src, n.start)
	chomping := strings.Trim(string(src[n.start+1:header]), "0123456789")
	i := skipLine(src, header)
	if i < len(src) {
		i += breakLen(src, i)
	}
	indent, ok := blockIndent(src, i, n.Text)
	if !ok {
		return
	}
	var leading, trailing textMap // the break of the last line, and those of the empty ones behind it
	wasBlank := false
	for {
		var content bool
		i, content = trailing.emptyLines(src, i, indent)
		if !content {
			break
		}
		isBlank := src[i] == ' ' || src[i] == '\t'
		if n.Style == Folded && !wasBlank && !isBlank && len(leading.text) > 0 && leading.text[0] == '\n' {
			if len(trailing.text) == 0 {
				m.add(" ", int(leading.start[0]), i)
			}
		} else {
			m.append(&leading)
		}
		m.append(&trailing)
		leading, trailing, wasBlank = textMap{}, textMap{}, isBlank
		end := skipLine(src, i)
		m.copy(src, i, end)
		i = end
		if i < len(src) {
			leading.add(lineBreak(src, i), i, i+breakLen(src, i))
			i += breakLen(src, i)
		}
	}
	if chomping != "-" {
		m.append(&leading)
	}
	if chomping == "+" {
		m.append(&trailing)
	}
}

// emptyLines steps over indentation and the lines that hold nothing else, up to the next line's content. content is false where the scalar ends.
func (m *textMap) emptyLines(src []byte, i, indent int) (next int, content bool) {
	for {
		column := 0
		for i < len(src) && column < indent && src[i] == ' ' {
			i, column = i+1, column+1
		}
		if i >= len(src) {
			return i, false
		}
		size := breakLen(src, i)
		if size == 0 {
			return i, column == indent && !(indent == 0 && isMarkerAt(src, i))
		}
		m.add(lineBreak(src, i), i, i+size)
		i += size
	}
}

func isMarkerAt(src []byte, i int) bool {
	line := src[i:skipLine(src, i)]
	return isMarker(line, "---") || isMarker(line, "...")
}

// blockIndent finds how far a block scalar's lines are indented: as far as its first line that has more than spaces, less the spaces that this line starts with in the text.
func blockIndent(src []byte, i int, text string) (int, bool) {
	extra := -1
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\u2028' || r == '\u2029' }) {
		if solid := strings.TrimLeft(line, " "); solid != "" {
			extra = len(line) - len(solid)
			break
		}
	}
	if extra < 0 {
		return len(src), true // only empty lines
	}
	for i < len(src) {
		column := 0
		for i < len(src) && src[i] == ' ' {
			i, column = i+1, column+1
		}
		if i < len(src) && breakLen(src, i) == 0 {
			return column - extra, column-extra > 0
		}
		if i < len(src) {
			i += breakLen(src, i)
		}
	}
	return 0, false
}
