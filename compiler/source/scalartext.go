package source

// textMap is a scalar's text with, for each of its bytes, the stretch of the file that it is written as.
type textMap struct {
	text       []byte
	start, end []int32
}

func (m *textMap) add(text string, start, end int) {
	for i := range len(text) {
		m.text = append(m.text, text[i])
		m.start = append(m.start, int32(start))
		m.end = append(m.end, int32(end))
	}
}

// copy takes bytes unchanged.
func (m *textMap) copy(src []byte, start, end int) {
	for i := start; i < end; i++ {
		if startsCharacter(src[i]) {
			last := i + 1
			for last < end && !startsCharacter(src[last]) {
				last++
			}
			m.add(string(src[i:last]), i, last)
		}
	}
}

// readText reads a scalar again from the file, keeping where each byte comes from; nil where that does not give the
// node's text: the text was changed after reading, or is written in a way that is not followed here.
func (n *Node) readText() *textMap {
	if n.file == nil || n.start >= n.end || n.end > len(n.file.Text) {
		return nil
	}
	m := &textMap{}
	src := n.file.Text
	switch n.Style {
	case DoubleQuoted:
		if n.file.json {
			m.jsonString(src, n.start+1, n.end-1)
			break
		}
		m.flow(src, n.start+1, n.end-1, '"')
	case SingleQuoted:
		m.flow(src, n.start+1, n.end-1, '\'')
	case Literal, Folded:
		m.block(src, n)
	case Plain:
		m.flow(src, n.start, n.end, 0)
	default:
		return nil
	}
	if string(m.text) != n.Text {
		return nil
	}
	return m
}

// fold reads the blanks and line breaks at an offset of a quoted or plain scalar and gives the offset behind them. One break is a space,
// more are one line feed less; blanks beside a break vanish (YAML 1.2, 6.5). escaped says that a backslash took the first break.
func (m *textMap) fold(src []byte, i, end int, escaped bool) int {
	start := i
	var breaks textMap
	for i < end {
		size := blankLen(src, i)
		if size == 0 {
			break
		}
		if breakLen(src, i) > 0 {
			breaks.add(lineBreak(src, i), i, i+size)
		}
		i += size
	}
	switch {
	case escaped:
		m.append(&breaks)
	case len(breaks.text) == 0:
		m.copy(src, start, i)
	case breaks.text[0] != '\n':
		m.append(&breaks)
	case len(breaks.text) == 1:
		m.add(" ", start, i)
	default:
		breaks.text, breaks.start, breaks.end = breaks.text[1:], breaks.start[1:], breaks.end[1:]
		m.append(&breaks)
	}
	return i
}

func (m *textMap) append(o *textMap) {
	m.text = append(m.text, o.text...)
	m.start = append(m.start, o.start...)
	m.end = append(m.end, o.end...)
}

// lineBreak is what YAML reads a line break as.
func lineBreak(src []byte, i int) string {
	if src[i] == 0xE2 {
		return string(src[i : i+3])
	}
	return "\n"
}

// flow reads the inside of a quoted scalar, or a plain one, whose quote is 0.
func (m *textMap) flow(src []byte, i, end int, quote byte) {
	for i < end {
		switch {
		case blankLen(src, i) > 0:
			i = m.fold(src, i, end, false)
		case quote == '"' && src[i] == '\\' && i+1 < end && breakLen(src, i+1) > 0:
			i = m.fold(src, i+1+breakLen(src, i+1), end, true)
		case quote == '"' && src[i] == '\\':
			i = m.escape(src, i, end)
		case quote == '\'' && src[i] == '\'' && i+1 < end && src[i+1] == '\'':
			m.add("'", i, i+2)
			i += 2
		default:
			last := i + 1
			for last < end && !startsCharacter(src[last]) {
				last++
			}
			m.add(string(src[i:last]), i, last)
			i = last
		}
	}
}

// jsonString reads the inside of a JSON string, in which U+0085, U+2028 and U+2029 are characters like others and blanks stay (RFC 8259, 7).
func (m *textMap) jsonString(src []byte, i, end int) {
	for i < end {
		if src[i] == '\\' {
			i = m.escape(src, i, end)
			continue
		}
		last := i + 1
		for last < end && !startsCharacter(src[last]) {
			last++
		}
		m.add(string(src[i:last]), i, last)
		i = last
	}
}
