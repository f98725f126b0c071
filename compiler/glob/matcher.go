package glob

import (
	"strings"
	"unicode"
)

// Matcher matches texts against one pattern. Nearly all patterns are plain texts with runs of any characters between them, which
// are found one after the other; the others are matched as patterns.
// The first place where a plain text is found leaves the most for what follows, so no other one is tried. A run that takes all
// characters but one, as within the parts of an ARN, ends at that character where the text after it begins with it. Such runs come
// first, as after a run of any characters the next text could have been found too early for them.
type Matcher struct {
	pattern Pattern
	plain   bool
	first   string
	bounded []string // after a run without the character that each begins with
	free    []string // after a run of any characters
}

// NewMatcher prepares a pattern.
func NewMatcher(p Pattern) *Matcher {
	m := &Matcher{pattern: p}
	at := &m.first
	for i := range p {
		if !p[i].Star {
			c, ok := p[i].Set.Only()
			if !ok {
				return m
			}
			*at += string(c)
			continue
		}
		if p[i].Set == AnyChar() {
			m.free = append(m.free, "")
			at = &m.free[len(m.free)-1]
			continue
		}
		if i+1 == len(p) || p[i+1].Star || len(m.free) > 0 {
			return m
		}
		if c, ok := p[i+1].Set.Only(); !ok || c > unicode.MaxASCII || p[i].Set != AnyChar().Without(c) {
			return m
		}
		m.bounded = append(m.bounded, "")
		at = &m.bounded[len(m.bounded)-1]
	}
	m.plain = true
	return m
}

// Match reports whether the pattern matches the whole text.
func (m *Matcher) Match(text string) bool {
	if !m.plain {
		return m.pattern.Match(text)
	}
	rest, ok := strings.CutPrefix(text, m.first)
	for i := 0; ok && i < len(m.bounded); i++ {
		after := m.bounded[i]
		if at := strings.IndexByte(rest, after[0]); at >= 0 {
			rest, ok = strings.CutPrefix(rest[at:], after)
		} else {
			ok = false
		}
	}
	last := len(m.free) - 1
	for i := 0; ok && i < last; i++ {
		_, rest, ok = strings.Cut(rest, m.free[i])
	}
	switch {
	case !ok:
		return false
	case last < 0:
		return rest == ""
	}
	return strings.HasSuffix(rest, m.free[last])
}
