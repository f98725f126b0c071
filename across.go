package keypolicy

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// checkAcrossFiles finds what is wrong between the files of a run, and with what suppresses findings in it.
func (r *Run) checkAcrossFiles(ctx context.Context, c *checker) error {
	outputs := map[string][]compiler.Output{} // by the folder that they are written to
	var summaries []rules.FileSummary
	comments, have := map[string][]*suppression{}, map[*suppression]bool{}
	sound := true // a document that does not compile may use any template
	for _, f := range r.Files {
		sound = sound && !f.Broken
		summaries = append(summaries, f.summary...)
		for _, one := range f.comments {
			if !have[one] {
				have[one] = true
				comments[one.place.File] = append(comments[one.place.File], one)
			}
		}
		folder := ""
		if !c.run.OneOutput {
			folder = c.configuration.of(f.Name).output
		}
		if !c.writes(folder) {
			continue
		}
		for _, o := range f.Outputs {
			if o.Spec || !c.run.SpecsOnly {
				outputs[folder] = append(outputs[folder], o.Output)
			}
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(outputs)) {
		r.take(c, compiler.DuplicateOutputs(outputs[folder]))
	}
	if !slices.ContainsFunc(r.Files, func(f File) bool { return len(c.notes) > 0 && f.Name == c.notes[0].Place.File }) {
		r.take(c, c.notes)
	}
	// In whatever order the files are named, what is found is the same, and so is which other file it names.
	slices.SortStableFunc(summaries, func(a, b rules.FileSummary) int {
		return cmp.Or(strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Document, b.Place.Document))
	})
	evaluated, err := c.set.EvaluateFiles(ctx, summaries, c.run.Whole && sound)
	if err != nil {
		return err
	}
	evaluated, suppressed := c.suppressions.apply(evaluated, inFiles(comments), func(d diag.Diagnostic) bool { return fixed(d, nil) })
	r.Summary.Suppressed += len(suppressed)
	if c.run.Suppressed {
		r.Suppressed = append(r.Suppressed, suppressed...)
	}
	r.take(c, evaluated)
	used := c.suppressions.evaluated(comments, c.run.Whole)
	if c.run.Suppressed {
		r.Suppressions = suppressionUses(used, r.Suppressed, c.set.Means)
	}
	evaluated, err = c.set.EvaluateSuppressions(ctx, used)
	if err != nil {
		return err
	}
	r.take(c, slices.DeleteFunc(evaluated, c.isNoted))
	return nil
}

// isNoted reports whether a finding about a suppression says what one about the configuration says: that a rule has another name now.
func (c *checker) isNoted(d diag.Diagnostic) bool {
	return slices.ContainsFunc(c.notes, func(n diag.Diagnostic) bool {
		return n.Rule == d.Rule && n.Reason == d.Reason && n.Message == d.Message
	})
}

// writes reports whether policies are written to a folder, so that two of one name would be one file. A run that makes none is about
// what compile would write where the configuration says where to: else specs of one name in folders of their own, such as one for
// each account, are not fault.
func (c *checker) writes(folder string) bool {
	return c.run.Emit != nil || folder != "" && !c.run.Unwritten
}

// take counts findings and keeps those that are reported. What they are errors in is not written.
func (r *Run) take(c *checker, found diag.List) {
	r.Summary.Count(found)
	if !c.run.EmitBad {
		r.dropOutputs(found)
	}
	for _, d := range found {
		if d.Severity >= c.from {
			r.Findings = append(r.Findings, d)
		}
	}
}

// dropOutputs keeps the policies of documents with errors from being written.
func (r *Run) dropOutputs(found diag.List) {
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
	for i := range r.Files {
		for j := range r.Files[i].Outputs {
			o := &r.Files[i].Outputs[j]
			if bad[document{o.Place.File, o.Place.Document}] {
				o.Bad, o.Text = true, nil
			}
		}
	}
}
