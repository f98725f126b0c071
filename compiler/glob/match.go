package glob

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Match reports whether s matches pattern, in which * represents any run of characters and ? for exactly one. It has no
// way to escape them, and case counts, as with the operator StringLike.
func Match(pattern, s string) bool {
	if strings.IndexByte(pattern, '?') < 0 {
		return matchRuns(pattern, s)
	}
	return match(pattern, s, func(a, b rune) bool { return a == b })
}

// matchRuns is Match for a pattern without a question mark. The texts between its stars are found one after the other: the first place
// of each leaves the most for those that follow. Bytes are compared and not characters, which is the same in valid UTF-8.
func matchRuns(pattern, s string) bool {
	first, rest, open := strings.Cut(pattern, "*")
	s, ok := strings.CutPrefix(s, first)
	if !open {
		return ok && s == ""
	}
	for ok {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(s, part)
		}
		_, s, ok = strings.Cut(s, part)
		rest = more
	}
	return false
}

// MatchFold is Match without regard to case, as IAM matches the names of actions.
func MatchFold(pattern, s string) bool {
	return match(pattern, s, func(a, b rune) bool { return unicode.ToLower(a) == unicode.ToLower(b) })
}

// match walks both strings once, and on a mismatch goes back to the last star only: a later star can take over whatever
// an earlier one might have matched, so the time is at most the product of the two lengths.
func match(pattern, s string, equal func(a, b rune) bool) bool {
	p, i := 0, 0
	star, resume := -1, 0
	for i < len(s) {
		c, size := utf8.DecodeRuneInString(s[i:])
		if p < len(pattern) {
			want, width := utf8.DecodeRuneInString(pattern[p:])
			if want == '*' {
				star, resume = p, i
				p++
				continue
			}
			if want == '?' || equal(want, c) {
				p += width
				i += size
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, size = utf8.DecodeRuneInString(s[resume:])
		resume += size
		p, i = star+1, resume
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
