// Package report writes findings: one file a format.
package report

import (
	"fmt"
	"io"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Line names a line of a file.
type Line struct {
	File   string
	Number int // from 1
}

// Sources are the lines that findings are about, as far as they can be shown.
type Sources map[Line]string

// LineOf names the line that a diagnostic starts in.
func LineOf(d diag.Diagnostic) Line {
	return Line{File: d.Place.File, Number: d.Place.Range.Start.Line}
}

// Summary counts what a run saw: all of it, reported or not.
type Summary struct {
	Files      int `json:"files"`
	Policies   int `json:"policies"`
	Error      int `json:"error"`
	Warning    int `json:"warning"`
	Info       int `json:"info"`
	Suppressed int `json:"suppressed"`

	Assumed []AssumedPolicy `json:"-"` // JSON has them beside the summary
}

// AssumedPolicy is a policy whose account nothing states: it was taken from the policy's text, or is not known. What was
// found in it rests on that.
type AssumedPolicy struct {
	File     string  `json:"file"`
	Document int     `json:"document"`
	Region   string  `json:"region,omitempty"`
	Account  Account `json:"account"`
}

// Count adds a list's findings.
func (s *Summary) Count(list diag.List) {
	s.Error += list.Count(diag.Error)
	s.Warning += list.Count(diag.Warning)
	s.Info += list.Count(diag.Info)
}

// String is the summary as a sentence.
func (s *Summary) String() string {
	suppressed := ""
	if s.Suppressed > 0 {
		suppressed = fmt.Sprintf(", %d suppressed", s.Suppressed)
	}
	return fmt.Sprintf("%s, %s, %d info%s in %s (%s)",
		number(s.Error, "error", "errors"), number(s.Warning, "warning", "warnings"), s.Info, suppressed,
		number(s.Files, "file", "files"), number(s.Policies, "policy", "policies"))
}

func number(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Write writes findings and their summary in a format, text or json.
func Write(w io.Writer, format string, findings diag.List, sources Sources, summary Summary, colors bool) error {
	if format == "json" {
		return writeJSON(w, findings, summary)
	}
	return writeText(w, findings, sources, colors)
}
