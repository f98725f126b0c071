package report

import (
	"encoding/json"
	"io"

	"github.com/keypolicy/keypolicy"
)

func writeJSON(w io.Writer, f Findings) error {
	run := keypolicy.Run{Findings: f.List, Summary: f.Summary}
	return WriteValue(w, run.Result())
}

// WriteValue writes a value as indented JSON; < and > stay as they are.
func WriteValue(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
