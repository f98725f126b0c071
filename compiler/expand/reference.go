package expand

import (
	"regexp"
	"strings"
)

// Part is a stretch of a template's string: text unchanged, or a reference $(name).
type Part struct {
	Text string
	Name string // "" for text
}

var reference = regexp.MustCompile(`^\$\(([A-Za-z_][A-Za-z0-9_-]*)\)`)

// Split takes a string apart: $(name) is a reference, $$( is the text "$(". bad is the first "$("
// that is neither; IAM's own ${aws:…} is text.
func Split(text string) (parts []Part, bad string) {
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, Part{Text: plain.String()})
			plain.Reset()
		}
	}
	for text != "" {
		switch {
		case strings.HasPrefix(text, "$$("):
			plain.WriteString("$(")
			text = text[len("$$("):]
		case strings.HasPrefix(text, "$("):
			m := reference.FindStringSubmatch(text)
			if m == nil {
				if end := strings.IndexByte(text, ')'); end >= 0 {
					text = text[:end+1]
				}
				return nil, text
			}
			flush()
			parts = append(parts, Part{Name: m[1]})
			text = text[len(m[0]):]
		default:
			plain.WriteByte(text[0])
			text = text[1:]
		}
	}
	flush()
	return parts, ""
}
