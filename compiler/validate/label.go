package validate

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// label names the value at a path in a sentence: a field by its name, an entry by its list's.
func (s subject) label(path diag.Path) string {
	if len(path) == 0 {
		return s.name
	}
	switch last := path[len(path)-1].(type) {
	case string:
		if s.parameter {
			return quoted(last) + " of " + s.label(path[:len(path)-1])
		}
		return quoted(last)
	default:
		return "an entry of " + s.label(path[:len(path)-1])
	}
}

// quoted sets a user's own text in a sentence, on one line and not longer than a line.
func quoted(text string) string {
	const most = 60
	if text == "" {
		return "`\"\"`"
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return "`" + text + "`"
}

// choices sets words into a sentence: "`a`, `b` or `c`".
func choices(words []string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = quoted(w)
	}
	return diag.Join(list, "or")
}

var bareText = regexp.MustCompile(`^[A-Za-z$][A-Za-z0-9_./:@+=()-]*$`)

// written writes a text as a YAML string, in quotes where YAML would take it for something else without them.
func written(text string) string {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return strconv.Quote(text)
	}
	if bareText.MatchString(text) && !strings.HasSuffix(text, ":") {
		return text
	}
	return strconv.Quote(text)
}
