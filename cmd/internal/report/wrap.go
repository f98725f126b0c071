package report

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// wrap breaks a text at spaces, to lines of a width where words allow it. What is indented stays so.
func wrap(text string, width int) []string {
	body := strings.TrimLeft(text, " ")
	indent := text[:len(text)-len(body)]
	var lines []string
	line, wide := indent, len(indent)
	for word := range strings.SplitSeq(body, " ") {
		n := displaywidth.String(word)
		if wide > len(indent) && wide+1+n > width {
			lines = append(lines, line)
			line, wide = indent, len(indent)
		}
		if wide > len(indent) {
			line, wide = line+" ", wide+1
		}
		line, wide = line+word, wide+n
	}
	return append(lines, line)
}

// writeWrapped writes a text whose first line is indented otherwise than the others.
func writeWrapped(b *strings.Builder, first, others, text string) {
	for i, line := range wrap(text, width-len(others)) {
		if i == 0 {
			b.WriteString(first + line + "\n")
			continue
		}
		b.WriteString(others + line + "\n")
	}
}

// pad fills a text up with spaces.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-displaywidth.String(text)))
}
