package cli

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// exampleDay is the day on which examples are judged where --today names no other: their findings are the same on
// every day.
const exampleDay = "2026-01-31"

// page is what a rule's page shows: its METADATA, a bad example with what lint really says of it, and a good one.
type page struct {
	ruleReport
	bad    []txtar.File // the configuration, where the examples have one, and the files that the findings are about
	output string       // what lint prints of them
	good   []txtar.File
}

// newPage judges a rule's examples. Its own configuration is the examples' alone.
func newPage(ctx context.Context, j *judge, m rules.Metadata) (*page, error) {
	p := &page{ruleReport: newRuleReport(m)}
	text := j.set.ExampleText(m.Name)
	if text == nil {
		return p, nil
	}
	p.Examples = string(text)
	e, err := readExample(text)
	if err != nil {
		return nil, err
	}
	own, err := exampleJudge(ctx, e, j.user, m.Name, exampleDay, false)
	if err != nil {
		return nil, err
	}
	found, err := e.all(ctx, own)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return d.Rule != m.Name })
	return p, p.show(e, text, found)
}

// show picks the first file with a finding and the first without one, in the order in which they are written.
func (p *page) show(e *example, text []byte, found diag.List) error {
	bad := ""
	for _, f := range e.files {
		if has(found, f.Name) {
			bad = f.Name
			break
		}
	}
	shown := slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return d.Place.File != bad })
	sources := report.Sources{}
	for _, d := range shown {
		for _, f := range e.files {
			if f.Name == d.Place.File {
				sources[report.LineOf(d)] = newLines(f.Data).at(d.Place.Range.Start.Line)
			}
		}
	}
	var out strings.Builder
	if err := report.Write(&out, "text", shown, sources, report.Summary{}, false); err != nil {
		return err
	}
	p.output = out.String()
	for _, f := range txtar.Parse(text).Files {
		switch {
		case f.Name == findingsFile:
		case f.Name == spec.ConfigurationFile && bad != "", f.Name == bad, related(shown, f.Name):
			p.bad = append(p.bad, f)
		case len(p.good) == 0 && isGood(f.Name) && !has(found, f.Name):
			p.good = append(p.good, f)
		}
	}
	return nil
}

func isGood(file string) bool { return strings.HasPrefix(path.Base(file), "good") }

func has(found diag.List, file string) bool {
	return slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Place.File == file })
}

func related(found diag.List, file string) bool {
	for _, d := range found {
		if slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.File == file }) {
			return true
		}
	}
	return false
}

// state says what of a rule's severity is not as with most rules; "" for nothing.
func (p *page) state() string {
	switch {
	case p.Category == lockout:
		return "its errors cannot be turned off, lowered or suppressed"
	case !p.Enabled:
		return "off until `severity` of the configuration turns it on"
	default:
		return ""
	}
}

// lockout is the category whose errors stand whatever is configured.
const lockout = "lockout"
