package keypolicy

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// globs are patterns of paths with slashes: `*` and `?` stay in a folder, `**` crosses folders.
type globs []*regexp.Regexp

func newGlobs(patterns []string) globs {
	list := make(globs, 0, len(patterns))
	for _, p := range patterns {
		list = append(list, globExpression(p))
	}
	return list
}

func (g globs) match(path string) bool {
	for _, expression := range g {
		if expression.MatchString(path) {
			return true
		}
	}
	return false
}

func globExpression(pattern string) *regexp.Regexp {
	pattern = strings.TrimPrefix(pattern, "./")
	var b strings.Builder
	b.WriteString(`^`)
	for pattern != "" {
		switch {
		case strings.HasPrefix(pattern, "**/"):
			b.WriteString(`(?:.*/)?`)
			pattern = pattern[3:]
		case strings.HasPrefix(pattern, "**"):
			b.WriteString(`.*`)
			pattern = pattern[2:]
		case pattern[0] == '*':
			b.WriteString(`[^/]*`)
			pattern = pattern[1:]
		case pattern[0] == '?':
			b.WriteString(`[^/]`)
			pattern = pattern[1:]
		default:
			r, size := utf8.DecodeRuneInString(pattern)
			b.WriteString(regexp.QuoteMeta(string(r)))
			pattern = pattern[size:]
		}
	}
	b.WriteString(`$`)
	return regexp.MustCompile(b.String()) // all that is not an operator of ours is quoted
}
