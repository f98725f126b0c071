package report

import (
	"fmt"
	"strings"
	"unicode"
)

// Escape writes what a terminal would obey instead of show (control and direction characters) as escapes:
// the text of a file is not to be trusted.
func Escape(text string) string {
	if strings.IndexFunc(text, unsafe) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		b.WriteString(escapeRune(r))
	}
	return b.String()
}

func unsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

func escapeRune(r rune) string {
	switch {
	case r == '\t':
		return `\t`
	case r < 0x100 && unsafe(r):
		return fmt.Sprintf(`\x%02x`, r)
	case unsafe(r):
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return string(r)
	}
}
