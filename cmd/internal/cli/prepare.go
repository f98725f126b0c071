package cli

import (
	"context"
	"errors"
	"io"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// prepare reads the configuration, the templates and the rules of a run. What is wrong with the
// configuration is reported on w, and the run ends: half a configuration would judge by half of what is meant.
func (a *app) prepare(ctx context.Context, r *reporting, w io.Writer) (*configuration, *checker, error) {
	c, found, err := a.configure()
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		run := &run{findings: found, sources: report.Sources{}, counts: report.Summary{Files: 1}}
		run.counts.Count(found)
		for _, d := range found {
			run.sources[report.LineOf(d)] = sourceOf(d)
		}
		if err := a.report(run, r, w); err != nil {
			return nil, nil, err
		}
		return nil, nil, errTold
	}
	templates, faults := library(c)
	if len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	j, err := newJudge(ctx, c, a.flags.today)
	if err != nil {
		return nil, nil, err
	}
	return c, &checker{
		options: compiler.Options{Flags: a.flags.key, Configuration: c.defaults(), Templates: templates},
		judge:   j,
		from:    r.from,
		source:  r.format == "text",
	}, nil
}

// report writes a run's findings to w and its summary to stderr.
func (a *app) report(run *run, r *reporting, w io.Writer) error {
	run.findings.Sort()
	if err := report.Write(w, r.format, run.findings, run.sources, run.counts, a.flags.colored(w)); err != nil {
		return err
	}
	if r.format == "text" && !a.flags.quiet {
		if len(run.findings) > 0 {
			_, _ = io.WriteString(a.stdio.Err, "\n")
		}
		a.say("%s", run.counts.String())
	}
	return nil
}

// sourceOf reads the line that a finding is about.
func sourceOf(d diag.Diagnostic) string {
	text, err := readFile(d.Place.File)
	if err != nil {
		return ""
	}
	return lineAt(text, d.Place.Range.Start.Line)
}
