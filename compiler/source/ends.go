package source

import "strings"

// The YAML library gives where a node starts and not where it ends; the functions here find the ends in the text.

// skipBlanks steps over spaces, line breaks and comments.
func skipBlanks(text []byte, i int) int {
	for i < len(text) {
		if n := blankLen(text, i); n > 0 {
			i += n
			continue
		}
		if text[i] != '#' || i > 0 && !blankBefore(text, i) {
			return i
		}
		i = skipLine(text, i)
	}
	return i
}

func blankBefore(text []byte, i int) bool {
	for n := 1; n <= 3 && n <= i; n++ {
		if blankLen(text, i-n) == n {
			return true
		}
	}
	return false
}

func skipLine(text []byte, i int) int {
	for i < len(text) && breakLen(text, i) == 0 {
		i++
	}
	return i
}

// skipWord steps over an anchor or an alias, or over a tag, which only a blank ends.
func skipWord(text []byte, i int) int {
	tag := text[i] == '!'
	for i++; i < len(text); i++ {
		c := text[i]
		word := c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if tag && blankLen(text, i) > 0 || !tag && !word {
			break
		}
	}
	return i
}

// quotedEnd finds the end of a quoted scalar, its quote included.
func quotedEnd(text []byte, start int) int {
	quote := text[start]
	for i := start + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}

// plainEnd finds the end of a plain scalar. Folding changes only its blanks, so the end is where as many other characters have passed as its value has.
func plainEnd(text []byte, start int, value string) int {
	return solidEnd(text, start, solids(value))
}

// blockHeaderEnd finds the end of a block scalar's indicators.
func blockHeaderEnd(text []byte, start int) int {
	i := start + 1
	for i < len(text) && strings.IndexByte("+-0123456789", text[i]) >= 0 {
		i++
	}
	return i
}

// blockEnd finds the end of the last line of a block scalar that is not blank, without its line break.
func blockEnd(text []byte, start int, value string) int {
	header := blockHeaderEnd(text, start)
	n := solids(value)
	if n == 0 {
		return header
	}
	return skipLine(text, solidEnd(text, skipLine(text, header), n))
}

func solids(value string) int {
	n := 0
	for i, text := 0, []byte(value); i < len(text); {
		if size := blankLen(text, i); size > 0 {
			i += size
			continue
		}
		n++
		i++
	}
	return n
}

func solidEnd(text []byte, start, n int) int {
	i := start
	for n > 0 && i < len(text) {
		if size := blankLen(text, i); size > 0 {
			i += size
			continue
		}
		n--
		i++
	}
	return i
}

// flowEnd finds the bracket that closes a flow collection, from the end of its last child on.
func flowEnd(text []byte, from int, closing byte) int {
	for i := from; i < len(text); {
		i = skipBlanks(text, i)
		if i == len(text) {
			break
		}
		switch text[i] {
		case closing:
			return i + 1
		case ',', ':', '?':
			i++
		default:
			return i
		}
	}
	return len(text)
}
