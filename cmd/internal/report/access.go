package report

import (
	"io"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// Access is who may do what by one policy.
type Access struct {
	Policy Policy
	Report *access.Report
	Uses   []uses.PolicyUse
	Caller string // whose lockout safety check was asked for, "" for nobody's
}

// WriteAccess writes a report in a format: text, json or markdown.
func WriteAccess(w io.Writer, format string, a Access, colors bool) error {
	var text string
	switch format {
	case "json":
		return WriteValue(w, keypolicy.NewAccess(a.Policy.Compiled, a.Report, a.Uses))
	case "markdown":
		text = a.markdown()
	default:
		text = a.text(painter(colors))
	}
	_, err := io.WriteString(w, Inert(text))
	return err
}
