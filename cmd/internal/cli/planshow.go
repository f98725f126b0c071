package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

func (a *app) showPlan() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Print a plan file as plan printed it",
		Long:  "Print the plan in a FILE of `plan -o` in the form in which plan prints it, with its time, version, commit and callers. AWS is not called.",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json", "markdown"); err != nil {
				return err
			}
			text, err := disk.Read(args[0])
			if err != nil {
				return err
			}
			if !push.IsPlan(text) {
				return fmt.Errorf("%s is not a plan: `keypolicy plan -o FILE` writes one", args[0])
			}
			plan, err := push.ParsePlan(text)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if err := a.tellKeys(format, plan.Items(), besides{audit: &plan.Audit}); err != nil {
				return err
			}
			if format == "text" && !a.flags.quiet {
				a.say("%s", aboutPlan(plan, time.Now()))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown")
	return cmd
}

// aboutPlan says when a plan was made, by what and as whom.
func aboutPlan(plan *push.PlanFile, now time.Time) string {
	text := fmt.Sprintf("planned at %s by keypolicy %s", plan.Audit.Time, plan.Audit.Version)
	if plan.Audit.Commit != "" {
		text += " from commit " + plan.Audit.Commit
	}
	if len(plan.Audit.Callers) > 0 {
		text += ", as " + few("", "callers", plan.Audit.Callers)
	}
	if expires, err := time.Parse(time.RFC3339, plan.Expires); err == nil {
		verb := "expires"
		if !now.Before(expires) {
			verb = "expired"
		}
		text += "; it " + verb + " at " + plan.Expires
	}
	return text
}
