// Package report writes what commands found: one file a format.
package report

import (
	"io"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Write writes findings and their summary in a format, text or json.
func Write(w io.Writer, format string, findings diag.List, lines keypolicy.Lines, summary keypolicy.Summary, colors bool) error {
	if format == "json" {
		return writeJSON(w, findings, summary)
	}
	return writeText(w, findings, lines, colors)
}
