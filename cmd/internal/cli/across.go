package cli

import (
	"context"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// across finds what is wrong between the files of a run. Only specs are sure to be written; a policy document is
// where it is compiled.
func (r *run) across(ctx context.Context, c *checker, specsOnly bool) error {
	var outputs []compiler.Output
	var summaries []rules.FileSummary
	for _, f := range r.files {
		summaries = append(summaries, f.summary...)
		for _, o := range f.outputs {
			if o.isSpec || !specsOnly {
				outputs = append(outputs, o.Output)
			}
		}
	}
	found := compiler.DuplicateOutputs(outputs)
	judged, err := c.judge.files(ctx, summaries)
	if err != nil {
		return err
	}
	found = append(found, judged...)
	r.counts.Count(found)
	r.spoil(found)
	for _, d := range found {
		if d.Severity >= c.from {
			r.findings = append(r.findings, d)
		}
	}
	return nil
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
