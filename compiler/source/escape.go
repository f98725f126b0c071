package source

import (
	"unicode/utf16"
	"unicode/utf8"
)

// escapes are those of YAML's double quotes (1.2, 5.7) and of JSON, which do not contradict one another.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1B",
	' ': " ", '"': `"`, '\'': "'", '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00A0", 'L': "\u2028", 'P': "\u2029",
}

var escapeDigits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// escape reads one escape and gives the offset behind it.
func (m *textMap) escape(src []byte, i, end int) int {
	if i+1 >= end {
		return end
	}
	c := src[i+1]
	if text, ok := escapes[c]; ok {
		m.add(text, i, i+2)
		return i + 2
	}
	digits := escapeDigits[c]
	r, ok := hexValue(src[:end], i+2, digits)
	if digits == 0 || !ok {
		return end // what was read already has no such escape
	}
	next := i + 2 + digits
	if utf16.IsSurrogate(r) {
		low, isPair := rune(0), false
		if next+1 < end && src[next] == '\\' && src[next+1] == 'u' {
			low, isPair = hexValue(src[:end], next+2, 4)
		}
		r = utf16.DecodeRune(r, low)
		if isPair && r != utf8.RuneError {
			next += 6
		}
	}
	m.add(string(r), i, next)
	return next
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
