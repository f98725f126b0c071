package keypolicy

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Line names a line of a file.
type Line struct {
	File   string
	Number int // from 1
}

// Lines are the lines that findings are about, as far as they can be shown.
type Lines map[Line]string

// LineOf names the line that a diagnostic starts in.
func LineOf(d diag.Diagnostic) Line {
	return Line{File: d.Place.File, Number: d.Place.Range.Start.Line}
}

// longest is the longest line, in bytes, that is kept beside a finding: memory is not to grow with the file.
const longest = 64 << 10

// lines gives the lines of a file. Asked for in order, as findings are sorted, it reads the file once for all of them.
type lines struct {
	text   []byte
	number int // of the line that starts at offset
	offset int
}

func newLines(text []byte) *lines { return &lines{text: text, number: 1} }

// at gives a line, counted from 1; "" where there is none or where it cannot be shown.
func (l *lines) at(number int) string {
	if number < l.number {
		l.number, l.offset = 1, 0
	}
	for l.number < number {
		i := bytes.IndexByte(l.text[l.offset:], '\n')
		if i < 0 {
			return ""
		}
		l.number, l.offset = l.number+1, l.offset+i+1
	}
	line := l.text[l.offset:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	if len(line) > longest || !utf8.Valid(line) {
		return ""
	}
	return strings.Clone(string(line))
}

// linesOf are the lines of one file that findings in it are about.
func linesOf(found diag.List, text []byte) Lines {
	list, open := Lines{}, newLines(text)
	for _, d := range found {
		list[LineOf(d)] = open.at(d.Place.Range.Start.Line)
	}
	return list
}

// complete adds the lines of findings that are in other files than the one that was being read when they were
// found: in the configuration, in a template, or in one of two specs that do not go together.
func (list Lines) complete(findings diag.List, texts *fileTexts) {
	var file string
	var open *lines
	for _, d := range findings {
		line := LineOf(d)
		if _, have := list[line]; have {
			continue
		}
		if open == nil || line.File != file {
			file, open = line.File, newLines(texts.of(line.File))
		}
		list[line] = open.at(line.Number)
	}
}
