package report

import (
	"bytes"
	"io"
	"strings"
)

// Inert writes a text so that no CI runner takes a line of it for a command, as a name or a message in a policy could have
// it: GitHub's obeys a line that begins with "::", white space aside, and "##[" anywhere in one; Azure's "##vso[".
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
func Inert(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(inertLine(line))
	}
	return b.String()
}

var inertMarks = strings.NewReplacer("##[", `#\x23[`, "##vso[", `#\x23vso[`, "##teamcity[", `#\x23teamcity[`)

func inertLine(line string) string {
	if body := strings.TrimLeft(line, " \t\r\v\f\u0085\u00a0"); strings.HasPrefix(body, "::") {
		line = line[:len(line)-len(body)] + `\x3a` + body[1:]
	}
	return inertMarks.Replace(line)
}

// commandText is a text within a command to a CI runner, without a mark that a runner obeys anywhere in a line.
func commandText(escaper *strings.Replacer, text string) string {
	return escaper.Replace(inertMarks.Replace(indentLines(text)))
}

// Lines is a writer of text in whole lines, each of them inert.
type Lines struct {
	w    io.Writer
	text bytes.Buffer
	err  error
}

// NewLines starts a text. Flush ends it.
func NewLines(w io.Writer) *Lines { return &Lines{w: w} }

// Write takes a part of the text, which may end within a line.
func (l *Lines) Write(part []byte) (int, error) {
	l.text.Write(part)
	if end := bytes.LastIndexByte(l.text.Bytes(), '\n'); end >= 1<<16 {
		l.write(string(l.text.Next(end + 1)))
	}
	return len(part), l.err
}

// WriteString is Write of a string.
func (l *Lines) WriteString(part string) (int, error) { return l.Write([]byte(part)) }

// Flush writes what is left.
func (l *Lines) Flush() error {
	l.write(string(l.text.Next(l.text.Len())))
	return l.err
}

func (l *Lines) write(text string) {
	if l.err == nil && text != "" {
		_, l.err = io.WriteString(l.w, Inert(text))
	}
}
