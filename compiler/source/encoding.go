package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

var byteOrderMark = []byte("\uFEFF")

func leadingBOM(text []byte) []byte {
	if bytes.HasPrefix(text, byteOrderMark) {
		return byteOrderMark
	}
	return nil
}

// leadingMarks counts the byte order marks that a text starts with.
func leadingMarks(text []byte) int {
	n := 0
	for bytes.HasPrefix(text, byteOrderMark) {
		text, n = text[len(byteOrderMark):], n+1
	}
	return n
}

// checkEncoding finds what is not clean UTF-8 text; fatal says that there is no use in reading on.
func checkEncoding(f *File) (found diag.List, fatal bool) {
	text := f.Text
	report := func(start, end int, message, help string) {
		found = append(found, diag.Diagnostic{
			Rule: ruleSyntax, Reason: "file-encoding", Severity: diag.Error, Message: message, Help: help,
			Place: diag.Place{File: f.Name, Range: f.lines.span(start, end)},
		})
	}
	if bytes.HasPrefix(text, []byte{0xFE, 0xFF}) || bytes.HasPrefix(text, []byte{0xFF, 0xFE}) {
		report(0, 0, "the file is written in UTF-16", "save it as UTF-8")
		return found, true
	}
	for i := len(leadingBOM(text)); i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			report(i, i+1, fmt.Sprintf("the file is not UTF-8: byte 0x%02X begins no character", text[i]), "save the file as UTF-8")
			return found, true
		case r == 0:
			report(i, i+1, "the file holds a NUL byte, so it is not text", "remove the byte, or save the file as UTF-8")
			return found, true
		case r == '\uFEFF' && len(found) == 0:
			report(i, i+size, "a byte order mark (U+FEFF), which cannot be seen, is in the middle of the file", "remove it; only the start of a file may have one")
		}
		i += size
	}
	return found, false
}
