package cli

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// longest is the longest line, in bytes, that is kept beside a finding: memory is not to grow with the file.
const longest = 64 << 10

// lineAt gives a line of a file, counted from 1; "" where there is none or where it cannot be shown.
func lineAt(text []byte, line int) string {
	for ; line > 1; line-- {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return ""
		}
		text = text[i+1:]
	}
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(text) > longest || !utf8.Valid(text) {
		return ""
	}
	return strings.Clone(string(text))
}
