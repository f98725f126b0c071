package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

var errNoFiles = errors.New("there is nothing to read: name a file, or call a spec NAME.keypolicy.yaml, or write `include` into .keypolicy.yaml")

func (a *app) lint() *cobra.Command {
	var r reporting
	cmd := &cobra.Command{
		Use:   "lint [PATH…]",
		Short: "Check specs, templates and policy documents",
		Long:  "Check specs, templates and policy documents. A folder is read for *.keypolicy.{yaml,yml,json} and what the\nconfiguration includes; - is stdin; without a path the working folder and the configuration's templates are read.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.check(); err != nil {
				return err
			}
			c, checker, err := a.prepare(cmd.Context(), &r, a.stdio.Out)
			if err != nil {
				return err
			}
			targets, faulty, err := a.gather(args, c, true)
			if err != nil {
				return err
			}
			run, err := a.check(cmd.Context(), checker, targets)
			if err != nil {
				return err
			}
			if err := run.across(cmd.Context(), checker, scope{specsOnly: true, whole: len(args) == 0 && c.isHere()}); err != nil {
				return err
			}
			if err := a.report(run, &r, a.stdio.Out); err != nil {
				return err
			}
			return outcome(run.failed || faulty, run.objects(r.fail))
		},
	}
	r.add(cmd)
	return cmd
}
