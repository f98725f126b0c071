package report

import (
	"io"

	"github.com/keypolicy/keypolicy"
)

// writeJSONLines writes each finding as one line of JSON.
func writeJSONLines(w io.Writer, all Findings) error {
	for _, d := range all.List {
		if err := writeLine(w, keypolicy.NewFinding(d)); err != nil {
			return err
		}
	}
	return nil
}
