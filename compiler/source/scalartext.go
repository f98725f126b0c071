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

// hexValue reads digits of an escape.
func hexValue(text []byte, at, digits int) (rune, bool) {
	if at+digits > len(text) {
		return 0, false
	}
	value := rune(0)
	for _, c := range text[at : at+digits] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		value = value<<4 | rune(c)
	}
	return value, true
}
