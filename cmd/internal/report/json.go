package report

import (
	"encoding/json"
	"io"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

type jsonReport struct {
	Version  int                       `json:"version"`
	Findings []jsonFinding             `json:"findings"`
	Policies []keypolicy.AssumedPolicy `json:"policies,omitempty"`
	Summary  keypolicy.Summary         `json:"summary"`
}

type jsonFinding struct {
	Rule      string        `json:"rule"`
	Reason    string        `json:"reason"`
	Severity  string        `json:"severity"`
	Message   string        `json:"message"`
	File      string        `json:"file"`
	Document  int           `json:"document"`
	Line      int           `json:"line"`
	Column    int           `json:"column"`
	EndLine   int           `json:"end_line"`
	EndColumn int           `json:"end_column"`
	Path      string        `json:"path"`
	Statement string        `json:"statement"`
	Help      string        `json:"help"`
	Witness   *diag.Witness `json:"witness,omitempty"`
	Related   []jsonRelated `json:"related"`
}

type jsonRelated struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

func writeJSON(w io.Writer, findings diag.List, summary keypolicy.Summary) error {
	r := jsonReport{Version: 1, Findings: make([]jsonFinding, 0, len(findings)), Policies: summary.Assumed, Summary: summary}
	for _, f := range findings {
		r.Findings = append(r.Findings, newJSONFinding(f))
	}
	return WriteValue(w, r)
}

func newJSONFinding(d diag.Diagnostic) jsonFinding {
	f := jsonFinding{
		Rule: d.Rule, Reason: d.Reason, Severity: d.Severity.String(), Message: d.Message,
		File: d.Place.File, Document: d.Place.Document,
		Line: d.Place.Range.Start.Line, Column: d.Place.Range.Start.Column,
		EndLine: d.Place.Range.End.Line, EndColumn: d.Place.Range.End.Column,
		Path: d.Place.Path, Statement: d.Statement, Help: d.Help, Witness: d.Witness,
		Related: make([]jsonRelated, 0, len(d.Related)),
	}
	if d.Witness != nil && d.Witness.Context == nil {
		witness := *d.Witness
		witness.Context = map[string][]string{}
		f.Witness = &witness
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, jsonRelated{File: r.File, Line: r.Range.Start.Line, Column: r.Range.Start.Column, Message: r.Message})
	}
	return f
}

// WriteValue writes a value as indented JSON; < and > stay as they are.
func WriteValue(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
