package report

import (
	"regexp"
	"strings"
)

// pipes escapes bars, which end a table's cell even in code. A backslash before one is kept apart from the one that escapes it.
func pipes(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, `\|`, "\\\u200b|"), "|", `\|`)
}

// codeCell is code in a table.
func codeCell(text string) string { return pipes(code(text)) }

// code writes text that Markdown does not read.
func code(text string) string {
	if text == "" {
		return ""
	}
	ticks := "`"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	pad := ""
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") {
		pad = " "
	}
	return ticks + pad + Escape(text) + pad + ticks
}

var (
	cellEscaper = strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "<", "&lt;", "&", "&amp;", "*", `\*`, "[", `\[`, "]", `\]`, "_", `\_`, "#", `\#`, "~", `\~`, "$", `\$`,
		"@", "@\u200b", "://", ":\u200b//", "www.", "www\u200b.")

	blockMark  = regexp.MustCompile(`^[-+>=]`)
	listNumber = regexp.MustCompile(`^([0-9]{1,9})([.)])`)
)

// cell writes text with nothing in it that Markdown obeys, also within a table; what is between backticks stays as it
// is. Runs of backticks pair up with runs of the same length, so where there are any, none is kept.
func cell(text string) string {
	text = strings.TrimLeft(Escape(text), " ")
	parts := strings.Split(text, "`")
	if len(parts)%2 == 0 || strings.Contains(text, "``") {
		return outside(strings.Join(parts, "'"), true)
	}
	for i := range parts {
		if i%2 == 0 {
			parts[i] = outside(parts[i], i == 0)
		} else {
			parts[i] = pipes(parts[i])
		}
	}
	return strings.Join(parts, "`")
}

// outside writes text that is not a code; first is where the text begins, and could begin a block.
func outside(text string, first bool) string {
	text = cellEscaper.Replace(text)
	if first {
		text = listNumber.ReplaceAllString(blockMark.ReplaceAllString(text, `\$0`), `$1\$2`)
	}
	return text
}
