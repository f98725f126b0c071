package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

func (a *app) lint() *cobra.Command {
	var r reportFlags
	var known knownFindings
	var suppressed bool
	cmd := &cobra.Command{
		Use:   "lint [PATH…]",
		Short: "Check specs, templates and policy documents",
		Long:  "Check specs, templates, policy documents and the keys of Terraform's files and plans. A folder is read for\n*.keypolicy.{yaml,yml,json}, what the configuration includes, and Terraform modules; - is stdin; without a path the working folder and the configuration's templates are read.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(r.check(), known.check(cmd)); err != nil {
				return err
			}
			l, err := a.prepare(cmd.Context(), &r, a.stdio.Out)
			if err != nil {
				return err
			}
			if folder := a.flags.planModule; folder != "" && !l.IsModule(filepath.ToSlash(folder)) {
				return fmt.Errorf("--plan-module %s: it is not a folder with files of Terraform", folder)
			}
			inputs, faulty, err := a.collectInputs(l, args, true)
			if errors.Is(err, keypolicy.ErrNoKeys) { // hooks name whatever files change
				a.say("%v", err)
			} else if err != nil {
				return err
			}
			if err := r.apart(inputs); err != nil {
				return err
			}
			baseline, err := a.known(cmd.Context(), &known, l, args)
			if err != nil {
				return err
			}
			whole := len(args) == 0 && l.Configuration.IsHere()
			run, err := a.check(cmd.Context(), l, inputs, keypolicy.RunOptions{SpecsOnly: true, Whole: whole, Baseline: baseline, OwnBaseline: known.own, Suppressed: suppressed && !r.noIgnore && r.wants(report.ShowsSuppressed)})
			if err != nil {
				return err
			}
			if err := a.report(run, &r, a.stdio.Out); err != nil {
				return err
			}
			a.sayUnused(&known, run)
			return outcome(run.Failed || faulty, run.Summary.AtLeast(r.fail))
		},
	}
	r.add(cmd)
	known.add(cmd)
	cmd.Flags().StringArrayVar(&r.output, "output", nil, "also write findings to a file, as FORMAT=FILE in one of the formats; can be repeated")
	cmd.Flags().BoolVar(&suppressed, "show-suppressed", false, "also show suppressed findings, and what suppresses them, in text, json, jsonl and sarif; they do not change the exit code")
	a.flags.addVarFile(cmd)
	cmd.Flags().StringVar(&a.flags.planModule, "plan-module", "", "the `FOLDER` of the module that Terraform plans were made from; by default the plan's folder or the working folder, if it has Terraform files")
	cmd.Flags().StringArrayVar(&r.usedBy, "used-by", nil, "what the keys of policy documents are for, as NAME[,PARAMETER=VALUE…]; keypolicy explain lists the uses")
	return cmd
}
