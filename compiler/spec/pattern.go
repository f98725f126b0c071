package spec

import (
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Patterns are globs of paths with slashes: `*` and `?` stay in a folder, `**` crosses folders, `[ab]` is one of some characters,
// `{a,b}` one of some texts, and a backslash takes the meaning from what follows.
type Patterns []string

// NewPatterns reads globs. One that is not valid, of which [ValidPattern] says so, matches nothing.
func NewPatterns(globs ...string) Patterns {
	list := make(Patterns, 0, len(globs))
	for _, glob := range globs {
		list = append(list, wholeElements(strings.TrimPrefix(glob, "./")))
	}
	return list
}

// ValidPattern reports whether a glob is valid: brackets and braces are closed.
func ValidPattern(glob string) bool { return doublestar.ValidatePattern(glob) }

// Match reports whether one of the patterns matches a path.
func (p Patterns) Match(path string) bool {
	for _, glob := range p {
		if doublestar.MatchUnvalidated(glob, path) {
			return true
		}
	}
	return false
}

// beside is a `**` that is not a whole element of a path.
var beside = regexp.MustCompile(`([^/]+)\*\*([^/]*)|()\*\*([^/]+)`)

// wholeElements writes a `**` beside other characters, as in `keys/**.yaml`, so that it crosses folders too: as it is, it would be
// a `*`. Braces and backslashes are left as they are.
func wholeElements(glob string) string {
	if strings.ContainsAny(glob, `{\`) {
		return glob
	}
	elements := strings.Split(glob, "/")
	for i, e := range elements {
		if m := beside.FindStringSubmatch(e); m != nil {
			before, after := m[1]+m[3], m[2]+m[4]
			elements[i] = "{" + before + "*" + after + "," + before + "*/**/*" + after + "}"
		}
	}
	return strings.Join(elements, "/")
}
