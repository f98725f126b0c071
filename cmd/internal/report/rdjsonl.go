package report

import (
	"io"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// The names of reviewdog's diagnostic format. Its columns count bytes of UTF-8, from 1.
// https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Source      rdSource       `json:"source"`
	Code        rdCode         `json:"code"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
	Related     []rdRelated    `json:"relatedLocations,omitempty"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"`
}

type rdRange struct {
	Start rdPosition `json:"start"`
	End   rdPosition `json:"end"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

var rdSeverities = map[diag.Severity]string{diag.Error: "ERROR", diag.Warning: "WARNING", diag.Info: "INFO"}

// writeRDJSONLines writes findings for reviewdog, one a line, with what the help proposes as suggestions.
func writeRDJSONLines(w io.Writer, all Findings) error {
	for _, d := range all.List {
		out := rdDiagnostic{
			Message: longMessage(d), Location: all.rdLocation(d.Place), Severity: rdSeverities[d.Severity],
			Source: rdSource{Name: toolName, URL: toolURL}, Code: rdCode{Value: reasonedName(d), URL: rules.PageURL(d.Rule)},
		}
		for _, e := range d.Edits {
			// reviewdog writes a suggestion at exact columns, and only into the file that the finding is in.
			if at := all.rdRange(e.Place); e.Place.File == d.Place.File && at != nil && at.Start.Column > 0 && at.End.Column > 0 {
				out.Suggestions = append(out.Suggestions, rdSuggestion{*at, e.Text})
			}
		}
		for _, r := range d.Related {
			out.Related = append(out.Related, rdRelated{r.Message, all.rdLocation(r.Place)})
		}
		if err := writeLine(w, out); err != nil {
			return err
		}
	}
	return nil
}

func (all Findings) rdLocation(p diag.Place) rdLocation {
	return rdLocation{Path: p.File, Range: all.rdRange(p)}
}

// rdRange is nil for a place without a line.
func (all Findings) rdRange(p diag.Place) *rdRange {
	if p.Range.Start.Line < 1 {
		return nil
	}
	return &rdRange{all.rdPosition(p.File, p.Range.Start), all.rdPosition(p.File, p.Range.End)}
}

// rdPosition counts the bytes before a column, which counts characters. Of a line that cannot be shown the column is left out.
func (all Findings) rdPosition(file string, at diag.Pos) rdPosition {
	line := all.Lines[keypolicy.Line{File: file, Number: at.Line}]
	if utf8.RuneCountInString(line) < at.Column-1 {
		return rdPosition{Line: at.Line}
	}
	bytes := 0
	for range at.Column - 1 {
		_, size := utf8.DecodeRuneInString(line[bytes:])
		bytes += size
	}
	return rdPosition{at.Line, bytes + 1}
}
