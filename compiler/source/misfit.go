package source

import "strings"

// isMisfit reports whether the library gave up at a line that is indented like nothing above it.
func isMisfit(message string) bool {
	return strings.Contains(message, "did not find expected key") || strings.Contains(message, "expected '-' indicator")
}

// misfit finds the line, counted as YAML does and from 0, that is indented like nothing above it. The library names the line on which
// the list or the mapping around it starts, so the lines from there on are read one more at a time, until they cannot be.
func misfit(f *File, c chunk, line int) int {
	const mostBytes = 1 << 20 // read in all, so that a long file costs no more than a short one
	start, read := max(c.start, f.lines.yaml[line]), 0
	for next := line + 1; next < len(f.lines.yaml) && f.lines.yaml[next] < c.end; next++ {
		end := min(skipLine(f.Text, f.lines.yaml[next]), c.end)
		if read += end - start; read > mostBytes {
			break
		}
		if _, err := parseYAML(f.Text[start:end]); err != nil && isMisfit(err.Error()) {
			return next
		}
	}
	return line
}
