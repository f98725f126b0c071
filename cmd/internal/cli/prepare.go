package cli

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// prepare reads the configuration, the templates and the rules of a run. What is wrong with the
// configuration is reported on w, and the run ends: half a configuration would judge by half of what is meant.
func (a *app) prepare(ctx context.Context, r *reporting, w io.Writer) (*configuration, *checker, error) {
	c, found, err := a.configure()
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		return nil, nil, a.refuse(found, r, w)
	}
	if err := a.met(c); err != nil {
		return nil, nil, err
	}
	j, err := newJudge(ctx, c, a.flags.today)
	if err != nil {
		return nil, nil, err
	}
	a.sayOlder(j.set)
	if found := unknownRules(c, j); len(found) > 0 {
		return nil, nil, a.refuse(found, r, w)
	}
	suppressed := newSuppressions(c, j.set, a.flags.today, r.noIgnore)
	templates, faults := library(c, suppressed)
	if len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	return c, &checker{
		options: compiler.Options{Flags: a.flags.key, Configuration: c.defaults(), Templates: templates},
		judge:   j,
		from:    r.from,
		source:  r.format == "text",
		notes:   found,

		suppressions: suppressed,
	}, nil
}

// sayOlder names the rules whose METADATA has an older field, in one line.
func (a *app) sayOlder(set *rules.Set) {
	if files := set.WithNeeds(); len(files) > 0 && !a.flags.quiet {
		a.say("%s: METADATA's `needs` is an older name: write `when` for what the rule waits for, and `access` for what it reads of it", strings.Join(files, ", "))
	}
}

// refuse reports what is wrong with the configuration and ends the run.
func (a *app) refuse(found diag.List, r *reporting, w io.Writer) error {
	run := &run{findings: found, sources: report.Sources{}, counts: report.Summary{Files: 1}}
	run.counts.Count(found)
	if err := a.report(run, r, w); err != nil {
		return err
	}
	return errTold
}

// report writes a run's findings to w and its summary to stderr.
func (a *app) report(run *run, r *reporting, w io.Writer) error {
	run.findings.Sort()
	if r.format == "text" {
		run.complete(run.findings)
	}
	if err := report.Write(w, r.format, run.findings, run.sources, run.counts, a.flags.colored(w)); err != nil {
		return err
	}
	if r.format == "text" && !a.flags.quiet {
		if len(run.findings) > 0 {
			_, _ = io.WriteString(a.stdio.Err, "\n")
		}
		a.say("%s%s", run.counts.String(), a.byConfiguration())
	}
	return nil
}
