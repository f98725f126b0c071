package cli

import (
	"context"
	"slices"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// scope says what of a run's files counts between them.
type scope struct {
	specsOnly bool // only specs are sure to be written; a policy document is where it is compiled
	whole     bool // the run has read all files that there are
}

// across finds what is wrong between the files of a run, and with what suppresses findings in it.
func (r *run) across(ctx context.Context, c *checker, s scope) error {
	var outputs []compiler.Output
	var summaries []rules.FileSummary
	comments := map[string][]*suppression{}
	sound := true // a document that does not compile may use any template
	for _, f := range r.files {
		sound = sound && !f.broken
		summaries = append(summaries, f.summary...)
		for _, o := range f.outputs {
			if o.isSpec || !s.specsOnly {
				outputs = append(outputs, o.Output)
			}
		}
		if len(f.comments) > 0 {
			comments[f.name] = f.comments
		}
	}
	r.take(c, compiler.DuplicateOutputs(outputs))
	if !slices.ContainsFunc(r.files, func(f checked) bool { return len(c.notes) > 0 && f.name == c.notes[0].Place.File }) {
		r.take(c, c.notes)
	}
	judged, err := c.judge.files(ctx, summaries, s.whole && sound)
	if err != nil {
		return err
	}
	judged, suppressed := c.suppressions.apply(judged, comments, func(d diag.Diagnostic) bool { return fixed(d, nil) })
	r.counts.Suppressed += suppressed
	r.take(c, judged)
	if c.suppressions == nil {
		return nil
	}
	judged, err = c.judge.set.JudgeSuppressions(ctx, c.suppressions.judged(comments, s.whole))
	if err != nil {
		return err
	}
	r.take(c, judged)
	return nil
}

// take counts findings and keeps those that are reported. What they are errors in is not written.
func (r *run) take(c *checker, found diag.List) {
	r.counts.Count(found)
	if !c.emitsBad {
		r.spoil(found)
	}
	for _, d := range found {
		if d.Severity >= c.from {
			r.findings = append(r.findings, d)
		}
	}
}

// spoil keeps the policies of documents with errors from being written.
func (r *run) spoil(found diag.List) {
	type document struct {
		file  string
		index int
	}
	bad := map[document]bool{}
	for _, d := range found {
		if d.Severity == diag.Error {
			bad[document{d.Place.File, d.Place.Document}] = true
		}
	}
	for i := range r.files {
		for j := range r.files[i].outputs {
			o := &r.files[i].outputs[j]
			if bad[document{o.Place.File, o.Place.Document}] {
				o.bad, o.text = true, nil
			}
		}
	}
}
