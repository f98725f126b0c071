package keypolicy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// Finding is something wrong with what was written, at its place. Lines and columns count from 1, columns in Unicode
// characters; EndColumn is one past the last.
type Finding struct {
	Rule      string    `json:"rule"`
	Reason    string    `json:"reason"` // the cause, where the rule has several; "" else
	Severity  string    `json:"severity"`
	Message   string    `json:"message"`
	File      string    `json:"file"`
	Document  int       `json:"document"` // of the file, from 0
	Line      int       `json:"line"`
	Column    int       `json:"column"`
	EndLine   int       `json:"end_line"`
	EndColumn int       `json:"end_column"`
	Path      string    `json:"path"`               // a JSON pointer into the document as it is written
	Statement string    `json:"statement"`          // the statement's Sid, or its position where it is written; "" where it is about none
	Resource  string    `json:"resource,omitempty"` // the address of the key in what carries it
	Help      string    `json:"help"`               // what to write instead
	URL       string    `json:"url,omitempty"`      // the page of the rule; "" for a user's rule
	Witness   *Request  `json:"witness,omitempty"`
	Related   []Related `json:"related"`
	Fixes     []Fix     `json:"fixes,omitempty"` // what the help proposes, where it can be written as it is

	Suppressed *Suppressed `json:"suppressed,omitempty"` // what suppresses it
}

// Suppressed says what suppresses a finding.
type Suppressed struct {
	Kind   string `json:"kind"` // comment or configuration
	Reason string `json:"reason"`
	Until  string `json:"until"` // the last day; "" is none
	File   string `json:"file"`
	Line   int    `json:"line"`
}

// Fix is edits of a finding's file that are made together.
type Fix struct {
	Title string `json:"title"` // the finding's help
	Edits []Edit `json:"edits"`
}

// Edit writes a text in place of a stretch of the file, or between two characters where the stretch is empty.
type Edit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Text      string `json:"text"`
}

// Related is a second place that explains a finding, such as the template's line.
type Related struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// NewFinding writes a diagnostic as a finding.
func NewFinding(d diag.Diagnostic) Finding {
	f := Finding{
		Rule: d.Rule, Reason: d.Reason, Severity: d.Severity.String(), Message: d.Message,
		File: d.Place.File, Document: d.Place.Document,
		Line: d.Place.Range.Start.Line, Column: d.Place.Range.Start.Column,
		EndLine: d.Place.Range.End.Line, EndColumn: d.Place.Range.End.Column,
		Path: d.Place.Path, Statement: d.Statement, Resource: d.Resource, Help: d.Help, URL: rules.PageURL(d.Rule), Witness: witness(d.Witness),
		Related: make([]Related, 0, len(d.Related)),
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, Related{File: r.File, Line: r.Range.Start.Line, Column: r.Range.Start.Column, Message: r.Message})
	}
	if by := d.Suppressed; by != nil {
		f.Suppressed = &Suppressed{Kind: suppressionKind(by.Configured), Reason: by.Reason, Until: by.Until, File: by.Place.File, Line: by.Place.Range.Start.Line}
	}
	if len(d.Edits) > 0 {
		fix := Fix{Title: d.Help}
		for _, e := range d.Edits {
			r := e.Place.Range
			fix.Edits = append(fix.Edits, Edit{r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, e.Text})
		}
		f.Fixes = []Fix{fix}
	}
	return f
}

func suppressionKind(configured bool) string {
	if configured {
		return "configuration"
	}
	return "comment"
}

// NewFindings writes diagnostics as findings.
func NewFindings(list diag.List) []Finding {
	out := make([]Finding, 0, len(list))
	for _, d := range list {
		out = append(out, NewFinding(d))
	}
	return out
}

func witness(w *diag.Witness) *Request {
	if w == nil {
		return nil
	}
	r := newRequest(*w)
	return &r
}

func newRequest(w diag.Witness) Request {
	if w.Context == nil {
		w.Context = map[string][]string{}
	}
	return Request(w)
}

// Severity says how bad a finding is; the zero value is milder than all.
type Severity = diag.Severity

// The severities.
const (
	Info    = diag.Info    // style
	Warning = diag.Warning // legal and likely wrong
	Error   = diag.Error   // AWS rejects it, or it cannot have been meant
)
