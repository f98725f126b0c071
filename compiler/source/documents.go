package source

import (
	"bytes"
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// mostDocuments is far above any real file: reading a document costs more than a value does.
const mostDocuments = 10_000

func tooManyDocuments(f *File, c chunk) diag.Diagnostic {
	return diag.Diagnostic{
		Rule: ruleSyntax, Reason: "oversized-input", Severity: diag.Error,
		Message: fmt.Sprintf("the file has more than %d documents, which is the most that is read", mostDocuments), Help: "split the file",
		Place: diag.Place{File: f.Name, Document: mostDocuments, Range: f.lines.span(c.start, c.start)},
	}
}

// chunk is the text of one YAML document with its marker and directives.
type chunk struct {
	start, end int
	marked     bool // it has a line "---"
	content    bool // it has more than comments
}

// chunks cuts a file at its document markers. A line that starts with "---" or "..." and a blank is a marker
// wherever it is: no scalar may hold one (YAML 1.2, 9.1.2). So a document that does not parse leaves the others readable.
func (l *lines) chunks() []chunk {
	var all []chunk
	c := chunk{start: l.bom}
	for i, start := range l.yaml {
		end := len(l.text)
		if i+1 < len(l.yaml) {
			end = l.yaml[i+1]
		}
		line := l.text[start:end]
		switch {
		case isMarker(line, "---"):
			if c.marked || c.content {
				c.end = start
				all = append(all, c)
				c = chunk{start: start}
			}
			c.marked = true
			c.content = c.content || hasContent(line[3:])
		case isMarker(line, "..."):
			if c.marked || c.content {
				c.end = end
				all = append(all, c)
			}
			c = chunk{start: end}
		case bytes.HasPrefix(line, []byte("%")) && !c.marked && !c.content:
		case hasContent(line):
			c.content = true
		}
	}
	c.end = len(l.text)
	if c.marked || c.content || len(all) == 0 {
		return append(all, c)
	}
	all[len(all)-1].end = c.end // comments at the end
	return all
}

func isMarker(line []byte, marker string) bool {
	return bytes.HasPrefix(line, []byte(marker)) && (len(line) == len(marker) || blankLen(line, len(marker)) > 0)
}

func hasContent(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 0 && line[0] != '#'
}
