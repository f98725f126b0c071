package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func (r *jsonReader) fail(start, end int, pointer, message, help string) {
	place, origins := r.at(start, end, pointer)
	r.report("syntax-error", message, help, place, diag.Copied(place, origins)...)
}

// explain says why no token could be read at an offset. separator is the comma or colon before it, 0 where there is none.
func (r *jsonReader) explain(start int, separator byte, pointer string) {
	text := r.text
	if start >= len(text) {
		r.explainEnd(pointer)
		return
	}
	c := text[start]
	_, size := utf8.DecodeRune(text[start:])
	end := start + size
	inside := r.bracket()
	closing := c == ']' || c == '}'
	switch {
	case closing && separator != 0:
		r.fail(start, end, pointer, fmt.Sprintf("a value is missing between %q and %q", separator, c), fmt.Sprintf("remove the %q, or write the value", separator))
	case closing && inside != 0 && c != inside+2: // '[' and ']', '{' and '}' are two apart
		r.fail(start, end, pointer, fmt.Sprintf("the bracket %q closes what %q opened", c, inside), fmt.Sprintf("write %q", inside+2))
	case c == '\'':
		r.fail(start, end, pointer, "JSON strings are written in double quotes, not in single ones", `write "…"`)
	case c == '#' || c == '/':
		r.fail(start, end, pointer, "JSON has no comments", "remove the comment, or write the file as YAML")
	case strings.IndexByte(",:", c) >= 0:
		r.fail(start, end, pointer, fmt.Sprintf("a value is missing before this %q", c), "write the value, or remove the sign")
	case c == '"' && r.badString(start, pointer):
	case inside == '{' && separator == 0 && r.afterKey(start):
		r.fail(start, end, pointer, "a colon is missing before this value", `write "key": value`)
	case inside != 0 && separator == 0 && !r.first(start):
		r.fail(start, end, pointer, "a comma is missing before this", "write a comma between two values")
	default:
		word := wordAt(text, start)
		r.fail(start, start+len(word), pointer, fmt.Sprintf("%q is not a JSON value", word), `strings are written in double quotes; besides there are numbers, true, false and null`)
	}
}

func (r *jsonReader) bracket() byte {
	if len(r.open) == 0 {
		return 0
	}
	return r.text[r.open[len(r.open)-1]]
}

// first reports whether nothing is between the open bracket and an offset.
func (r *jsonReader) first(start int) bool {
	return skipSpace(r.text, r.open[len(r.open)-1]+1) >= start
}

// afterKey reports whether the string that ends before an offset is a key: what is before it is a comma or the bracket.
func (r *jsonReader) afterKey(start int) bool {
	i := len(strings.TrimRight(string(r.text[:start]), " \t\r\n"))
	if i == 0 || r.text[i-1] != '"' {
		return false
	}
	for i--; i > 0; i-- {
		if r.text[i-1] == '"' && !oddBackslashes(r.text, i-1) {
			break
		}
	}
	before := strings.TrimRight(string(r.text[:max(0, i-1)]), " \t\r\n")
	return strings.HasSuffix(before, ",") || strings.HasSuffix(before, "{")
}

func oddBackslashes(text []byte, i int) bool {
	n := 0
	for i > n && text[i-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

// explainEnd says what is missing where the text ends.
func (r *jsonReader) explainEnd(pointer string) {
	if len(r.open) > 0 {
		i := r.open[len(r.open)-1]
		r.fail(i, i+1, pointer, fmt.Sprintf("the bracket %q is never closed", r.text[i]), fmt.Sprintf("write %q at its end", r.text[i]+2))
		return
	}
	r.fail(0, len(r.text), pointer, "there is no JSON document here", "write a JSON object")
}

// badString reports what is wrong inside a string; false where nothing is.
func (r *jsonReader) badString(start int, pointer string) bool {
	text := r.text
	for i := start + 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return false
		case c == '\n' || c == '\r':
			r.fail(start, i, pointer, "this string has no closing quote on its line", `close it with ", and write \n for a line break`)
			return true
		case c < ' ':
			r.fail(i, i+1, pointer, fmt.Sprintf("a string cannot hold the control character U+%04X as it is", c), fmt.Sprintf(`write \u%04X (a tab is \t)`, c))
			return true
		case c == '\\':
			n := jsonEscapeLen(text[i:])
			if n == 0 {
				r.fail(i, min(i+2, len(text)), pointer, "JSON has no such escape", `there are \" \\ \/ \b \f \n \r \t and \uXXXX; write \\ for a backslash`)
				return true
			}
			i += n - 1
		}
	}
	r.fail(start, len(text), pointer, "this string is never closed", `close it with "`)
	return true
}

// jsonEscapeLen is the length of the escape that a text starts with, 0 where it is none of JSON's.
func jsonEscapeLen(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	if strings.IndexByte(`"\/bfnrt`, text[1]) >= 0 {
		return 2
	}
	if _, ok := hexValue(text, 2, 4); text[1] == 'u' && ok {
		return 6
	}
	return 0
}

// wordAt gives the characters from an offset to the next blank or punctuation, at least one and at most 40.
func wordAt(text []byte, start int) string {
	n := bytes.IndexAny(text[start:min(len(text), start+200)], " \t\r\n,:[]{}\"")
	word := string(text[start:min(len(text), start+200)])
	if n > 0 {
		word = word[:n]
	}
	runes := []rune(word)
	if n == 0 {
		return string(runes[:1])
	}
	return string(runes[:min(len(runes), 40)])
}
