package cli

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
)

// prepare reads the configuration, the templates and the rules of a run. What is wrong with the
// configuration is reported on w, and the run ends: half a configuration would judge by half of what is meant.
func (a *app) prepare(ctx context.Context, r *reportFlags, w io.Writer) (*keypolicy.Linter, error) {
	l, err := a.prepared(ctx, r)
	if wrong, ok := errors.AsType[*keypolicy.ConfigurationError](err); ok {
		return nil, a.refuse(wrong, r, w)
	}
	return l, err
}

func (a *app) prepared(ctx context.Context, r *reportFlags) (*keypolicy.Linter, error) {
	c, err := a.configure()
	if err != nil {
		return nil, err
	}
	if err := a.met(c); err != nil {
		return nil, err
	}
	o, err := a.options(c)
	if err != nil {
		return nil, err
	}
	if a.flags.verbose {
		o.Print = a.printed.add
	}
	o.MinSeverity, o.NoIgnore, o.Lines = r.from, r.noIgnore, r.wants(report.ShowsLines)
	o.UsedBy = r.usedBy
	l, err := keypolicy.New(o)
	if err != nil {
		return nil, err
	}
	set, err := l.Rules(ctx)
	if err != nil {
		return nil, err
	}
	a.sayOlder(set)
	if r.wants(report.DescribesRules) {
		if r.rules, err = set.Index(); err != nil {
			return nil, err
		}
	}
	_, err = l.Load(ctx)
	return l, err
}

// sayOlder names the rules whose METADATA has an older field, in one line.
func (a *app) sayOlder(set *rules.Set) {
	if files := set.WithNeeds(); len(files) > 0 && !a.flags.quiet {
		a.say("%s: METADATA's `needs` is an older name: write `when` for what the rule waits for, and `access` for what it reads of it", strings.Join(files, ", "))
	}
}

// refuse reports what is wrong with the configuration and ends the run.
func (a *app) refuse(wrong *keypolicy.ConfigurationError, r *reportFlags, w io.Writer) error {
	run := &keypolicy.Run{Findings: wrong.Findings, Lines: wrong.Lines, Summary: keypolicy.Summary{Files: 1}}
	run.Findings.Sort()
	run.Summary.Count(run.Findings)
	if err := a.report(run, r, w); err != nil {
		return err
	}
	return errReported
}

// report writes a run's findings to w and its summary to stderr.
func (a *app) report(run *keypolicy.Run, r *reportFlags, w io.Writer) error {
	f := report.Findings{List: run.Findings, Suppressed: run.Suppressed, Lines: run.Lines, Summary: run.Summary, Colors: a.flags.colored(w), Rules: r.rules}
	if err := errors.Join(report.Write(w, r.format, f), r.writeOutputs(f), r.writeStep(f)); err != nil {
		return err
	}
	if report.WantsSummary(r.format) && !a.flags.quiet {
		if len(run.Findings)+len(run.Suppressed) > 0 {
			_, _ = io.WriteString(a.stdio.Err, "\n")
		}
		a.say("%s%s%s", run.Summary.String(), a.byConfiguration(), a.howToSeeInfo(run, r))
	}
	return nil
}

// howToSeeInfo says how to see what is only counted, to who looks at a terminal.
func (a *app) howToSeeInfo(run *keypolicy.Run, r *reportFlags) string {
	if run.Summary.Info == 0 || r.from <= keypolicy.Info || !terminal(a.stdio.Err) {
		return ""
	}
	return "; --min-severity info shows the info"
}
