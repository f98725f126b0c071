package cli

import (
	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

func (a *app) suppressions() *cobra.Command {
	var format string
	r := reportFlags{format: report.Text, minimum: "info", failOn: "error"}
	cmd := &cobra.Command{
		Use:   "suppressions [PATH…]",
		Short: "List what suppresses findings, with the reason and whether it is used",
		Long: "List every comment and every entry of the configuration's ignore that suppresses findings: its place, the rule, the reason, its\n" +
			"last day, and how many findings it suppresses. Entries of the configuration are listed as unused only if all files are read,\n" +
			"that is without a PATH. The exit code is 0 whatever is reported.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json", "markdown"); err != nil {
				return err
			}
			if err := r.check(); err != nil {
				return err
			}
			l, err := a.prepare(cmd.Context(), &r, a.stdio.Err)
			if err != nil {
				return err
			}
			inputs, faulty, err := a.collectInputs(l, args, true)
			if err != nil {
				return err
			}
			whole := len(args) == 0 && l.Configuration.IsHere()
			run, err := a.check(cmd.Context(), l, inputs, keypolicy.RunOptions{SpecsOnly: true, Whole: whole, Suppressed: true})
			if err != nil {
				return err
			}
			if err := report.WriteSuppressions(a.stdio.Out, format, run.Suppressions); err != nil {
				return err
			}
			return outcome(run.Failed || faulty, false)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown")
	return cmd
}
