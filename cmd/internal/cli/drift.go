package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// driftFlags is the flags of drift.
type driftFlags struct {
	planFlags
	coverage bool
}

func (a *app) drift() *cobra.Command {
	var f driftFlags
	cmd := &cobra.Command{
		Use:   "drift [PATH…]",
		Short: "Report what live policies do that their specs do not",
		Long: "Report what live policies do that their specs do not, and the other way round: the comparison of plan, seen from the live\n" +
			"side, with the same states and exit codes. Nothing is changed.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runDrift(cmd.Context(), &f, args)
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit with 3 where a live policy differs from its spec")
	cmd.Flags().BoolVar(&f.coverage, "coverage", false, "list keys without a spec and specs without a key, in the account and Region of the flags, else in all of the configuration's")
	return cmd
}

func (a *app) runDrift(ctx context.Context, f *driftFlags, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	a.asksAWS = true
	ctx, stop := a.within(ctx, f.timeout)
	defer stop()
	asked, err := a.pushed(ctx, args)
	if errors.Is(err, keypolicy.ErrNoFiles) && f.coverage { // then no key has a spec
		asked, err = a.nothingAsked()
	}
	if err != nil {
		return err
	}
	cloud, err := a.open(ctx, asked.linter.Configuration)
	if err != nil {
		return err
	}
	if f.coverage {
		return a.cover(ctx, cloud, f, asked)
	}
	items := a.planned(ctx, cloud, &f.planFlags, asked, func(p *push.Planner) { p.FromLive = true })
	keys := reported(items)
	for i := range keys {
		keys[i].Live = true
	}
	o := report.KeysOptions{Format: f.format, Colors: a.flags.colored(a.stdio.Out), All: a.flags.verbose}
	if err := report.WriteKeys(a.stdio.Out, keys, o); err != nil {
		return err
	}
	if f.format == "text" && !a.flags.quiet {
		a.say("%s%s", keys.String(), a.byConfiguration())
	}
	return planOutcome(items, asked.faulty, f.detailed)
}

// nothingAsked is a run without a spec.
func (a *app) nothingAsked() (*asked, error) {
	l, err := a.linter()
	return &asked{linter: l}, err
}
