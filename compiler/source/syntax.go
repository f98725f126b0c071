package source

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func inOrigins(origins []diag.Place) []diag.Related {
	var related []diag.Related
	for _, p := range origins {
		related = append(related, diag.Related{Place: p, Message: "written here"})
	}
	return related
}

func syntaxError(f *File, c chunk, document int, err error) diag.Diagnostic {
	return diag.Diagnostic{
		Rule: ruleSyntax, Reason: "syntax-error", Severity: diag.Error,
		Message: "The document is no YAML: " + strings.TrimPrefix(err.Error(), "yaml: ") + ".",
		Place:   diag.Place{File: f.Name, Document: document, Range: f.lines.span(c.start, c.start)},
	}
}
