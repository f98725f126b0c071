package report

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// The columns of a line that are shown where it is longer: what the finding is about, and some before it.
const (
	before = 60
	widest = 160
)

// snippet shows a line and, under it, carets under the range's characters, counting what each takes on a terminal.
func snippet(line string, r diag.Range) (text, caret string) {
	runes := []rune(strings.TrimRight(line, "\r\n"))
	start := min(max(r.Start.Column-1, 0), len(runes))
	end := len(runes)
	if r.End.Line == r.Start.Line {
		end = min(max(r.End.Column-1, start), len(runes))
	}
	from, to := 0, len(runes)
	head, tail := "", ""
	if len(runes) > widest {
		if from = max(start-before, 0); from > 0 {
			head = "…"
		}
		if to = min(from+widest, len(runes)); to < len(runes) {
			tail = "…"
		}
		end = min(end, to)
	}
	lead := head + escapeRunes(runes[from:start])
	marked := escapeRunes(runes[start:end])
	text = lead + marked + escapeRunes(runes[end:to]) + tail
	return text, strings.Repeat(" ", displaywidth.String(lead)) + strings.Repeat("^", max(displaywidth.String(marked), 1))
}

func escapeRunes(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if r == '\t' { // the width of source text is what its columns are marked by
			b.WriteString("    ")
			continue
		}
		b.WriteString(escapeRune(r))
	}
	return b.String()
}
