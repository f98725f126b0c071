package cli

import (
	"context"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/rules"
)

// checker is what every file of a run is checked with. It is safe for concurrent use.
type checker struct {
	options compiler.Options
	judge   *judge
	from    diag.Severity // findings from here on are kept
	source  bool          // with the line that they are about
	notes   diag.List     // of the configuration, which has no errors
	emit    emitter       // nil where policies are not wanted
	push    bool          // what is to be pushed is kept

	emitsBad bool // also of documents with errors: what rules see is of use where they find something

	suppressions *suppressions // nil where nothing is suppressed
}

// emitter makes an output's bytes of a compiled document.
type emitter func(d *compiler.Document) ([][]byte, error)

// output is a policy that a run writes.
type output struct {
	compiler.Output
	document int
	isSpec   bool
	bad      bool // an error was found in its document
	text     []byte
}

// checked is what is kept of a file: its findings and a summary of fixed size a policy.
type checked struct {
	name     string
	fault    error // that it could not be read
	findings diag.List
	sources  report.Sources
	counts   report.Summary
	outputs  []output
	pushes   []push.Target
	comments []*suppression // that suppress findings
	summary  []rules.FileSummary
	wanted   int  // policies that its documents should become, at least
	broken   bool // a document became none
}

// file takes one file the whole road: compile, judge, collect.
func (c *checker) file(ctx context.Context, in compiler.Input) (checked, error) {
	unit, found := compiler.Compile(in, c.options)
	result := checked{name: in.Name, sources: report.Sources{}, counts: report.Summary{Files: 1}, comments: c.suppressions.of(unit.File)}
	found = c.suppress(found, unit, &result)
	for _, d := range unit.Documents {
		result.summary = append(result.summary, summarize(d))
		if len(d.Policies) == 0 && d.Trial == nil {
			c.suppressions.unjudged(in.Name, d.Index, result.comments)
		}
		judged := farTooLong(d)
		if judged == nil {
			var err error
			if judged, err = c.judge.document(ctx, d); err != nil {
				return result, err
			}
		}
		judged = c.suppress(judged, unit, &result)
		found = append(found, judged...)
		if d.Guard != nil && !told(judged) {
			found = append(found, *d.Guard)
		}
	}
	found.Sort()
	bad := map[int]bool{} // documents with an error
	for _, d := range found {
		bad[d.Place.Document] = bad[d.Place.Document] || d.Severity == diag.Error
	}
	for _, d := range unit.Documents {
		if err := c.outputs(d, bad[d.Index] && !c.emitsBad, &result); err != nil {
			return result, err
		}
	}
	if c.push {
		result.pushes = pushes(in, unit, found, c.options)
	}
	if len(unit.Documents) == 0 {
		result.wanted, result.broken = 1, true
	}
	result.keep(c, found, unit.File.Text)
	return result, nil
}

// suppress takes out and counts what is suppressed of a file's findings.
func (c *checker) suppress(found diag.List, unit *compiler.Unit, result *checked) diag.List {
	own := map[string][]*suppression{}
	if len(result.comments) > 0 {
		own[result.name] = result.comments
	}
	standing, suppressed := c.suppressions.apply(found, own, func(d diag.Diagnostic) bool { return fixed(d, unit.Documents) })
	result.counts.Suppressed += suppressed
	return standing
}

// exclusiveForms is the rule that tells of two forms, of which nothing is compiled.
const exclusiveForms = "exclusive-forms"

// told says whether a rule has told of two forms as an error, so that the compiler's own word is not needed: where
// the rule is off or milder, nothing is compiled all the same.
func told(judged diag.List) bool {
	for _, d := range judged {
		if d.Rule == exclusiveForms && d.Severity == diag.Error {
			return true
		}
	}
	return false
}

func (c *checker) outputs(d *compiler.Document, bad bool, result *checked) error {
	result.counts.Policies += len(d.Policies)
	if d.Kind != compiler.KindSpec && d.Kind != compiler.KindDocument {
		if d.Kind != compiler.KindTemplate && d.Kind != compiler.KindConfiguration { // it was meant to be a policy
			result.wanted++
			result.broken = true
		}
		return nil
	}
	for _, p := range d.Policies {
		if from := p.Key.AccountFrom; from == policy.FromPolicy || from == policy.FromUnknown {
			result.counts.Assumed = append(result.counts.Assumed, report.AssumedPolicy{
				File: result.name, Document: d.Index, Region: p.Key.Region, Account: report.Account{ID: p.Key.Account, From: string(from)},
			})
		}
	}
	result.wanted += max(len(d.Policies), 1)
	result.broken = result.broken || len(d.Policies) == 0
	var texts [][]byte
	if c.emit != nil && !bad && len(d.Policies) > 0 {
		made, err := c.emit(d)
		if err != nil {
			return err
		}
		texts = made
	}
	for i, o := range d.Outputs() {
		out := output{Output: o, document: d.Index, isSpec: d.Kind == compiler.KindSpec, bad: bad}
		if i < len(texts) {
			out.text = texts[i]
		}
		result.outputs = append(result.outputs, out)
	}
	return nil
}

// keep counts all findings and keeps those that are reported.
func (r *checked) keep(c *checker, found diag.List, text []byte) {
	r.counts.Count(found)
	open := newLines(text)
	for _, d := range found {
		if d.Severity < c.from {
			continue
		}
		r.findings = append(r.findings, d)
		line := report.LineOf(d)
		if _, have := r.sources[line]; !have && c.source && line.File == r.name {
			r.sources[line] = open.at(line.Number)
		}
	}
}
