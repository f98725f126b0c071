package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

func (a *app) baseline() *cobra.Command {
	var r reportFlags
	var out string
	var prune bool
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Accept the current findings, so that lint reports only new ones",
		Long: "Write the findings of all files to a baseline, which lint --baseline or the configuration's `baseline` reads: what is in it is\n" +
			"counted and not reported. A finding stays known if lines move, statements are reordered, or a Sid or a file is renamed;\n" +
			"a second fault that is the same is new. Lockout errors are never accepted: they are reported, and the exit code is 1.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("keypolicy baseline takes no path, and `%s` is one: it is of all files that keypolicy lint reads without a path; the configuration's `include` names more", report.Escape(args[0]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if prune && out == "" {
				return errors.New("--prune needs the baseline that it takes entries out of: name it with -o FILE")
			}
			r.format, r.failOn = report.Text, r.minimum
			if err := r.check(); err != nil {
				return err
			}
			l, err := a.prepare(cmd.Context(), &r, a.stdio.Err)
			if err != nil {
				return err
			}
			inputs, faulty, err := a.collectInputs(l, nil, true)
			if err != nil {
				return err
			}
			options := keypolicy.RunOptions{SpecsOnly: true, Whole: l.Configuration.IsHere()}
			var old *keypolicy.Baseline
			if prune {
				if old, err = a.readBaseline(out); err != nil {
					return err
				}
				options.Baseline = old
			}
			run, err := a.check(cmd.Context(), l, inputs, options)
			if err != nil {
				return err
			}
			if run.Failed || faulty {
				for _, err := range run.Faults() {
					a.say("%v", err)
				}
				return errors.New("no baseline is written, as not all files could be read")
			}
			if prune {
				return a.writeBaseline(out, old.Without(run.Unused).Rename(run.Renamed), run.Summary.Files)
			}
			known, refused := keypolicy.NewBaseline(run.Findings)
			if len(refused) > 0 {
				if err := report.Write(a.stdio.Err, report.Text, report.Findings{List: refused, Lines: run.Lines, Colors: a.flags.colored(a.stdio.Err)}); err != nil {
					return err
				}
				a.say("%s: lockout errors are never in a baseline", count(len(refused), "finding is not accepted", "findings are not accepted"))
			}
			return errors.Join(a.writeBaseline(out, known, run.Summary.Files), outcome(false, len(refused) > 0))
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "the file that is written; else stdout")
	cmd.Flags().BoolVar(&prune, "prune", false, "only remove the entries of the file that are not findings any more")
	cmd.Flags().StringVar(&r.minimum, "min-severity", "warning", "the lowest severity of findings that are accepted: error, warning or info")
	return cmd
}

func (a *app) readBaseline(name string) (*keypolicy.Baseline, error) {
	here, err := a.files()
	if err != nil {
		return nil, err
	}
	text, err := here.ReadLarge(disk.FromWorkingFolder(name))
	if err != nil {
		return nil, err
	}
	return keypolicy.ReadBaseline(filepath.ToSlash(name), text)
}

// writeBaseline writes the baseline of so many files.
func (a *app) writeBaseline(name string, b *keypolicy.Baseline, files int) error {
	if name == "" {
		return b.Write(a.stdio.Out)
	}
	if err := disk.Replace(name, b.Write); err != nil {
		return fmt.Errorf("%s: it cannot be written, and stays as it was: %w", filepath.ToSlash(name), disk.Reason(err))
	}
	if !a.flags.quiet {
		a.say("%s: %s in %s", filepath.ToSlash(name), count(len(b.Findings), "known finding", "known findings"), count(files, "file", "files"))
	}
	return nil
}
