package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/compare"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// diffFlags is the flags of diff.
type diffFlags struct {
	documentFlags
	format, base, plan string
	deny               []string
	denies             bool // --deny was given: what is objected to is named

	kinds     []keypolicy.DenyKind // of deny
	outsiders bool                 // one was objected to
}

func (a *app) diff() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW | diff --git BASE [PATH…] | diff --plan PLAN",
		Short: "Show what a policy allows or denies that another did not",
		Long: "Show what NEW allows or denies that OLD did not, over all requests, each with an example: formatting, order and\n" +
			"what changes no decision are never shown. Either is a spec or a policy document. --git compares the specs of the\n" +
			"working tree with those of a git revision; --plan compares the policies of a Terraform plan's keys before and after the plan\n" +
			"(as `terraform show -json` writes it). The exit code is 1 where access is added, removed or not known.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return err
			}
			l, err := a.linter()
			if err != nil {
				return err
			}
			defer func() {
				if f.outsiders {
					a.say("accounts and organizations that `trust` in the configuration names are not outsiders")
				}
			}()
			if f.plan != "" {
				return a.diffPlan(cmd.Context(), l, &f)
			}
			if f.base != "" {
				return a.diffGit(cmd.Context(), l, &f, disk.Slashed(args))
			}
			return a.diffTwo(l, &f, args[0], args[1])
		},
	}
	f.add(cmd)
	a.flags.addVarFile(cmd)
	cmd.Flags().StringVar(&f.format, "format", "text", "text, json or markdown")
	cmd.Flags().StringVar(&f.base, "git", "", "the git revision to compare the specs of the working tree with")
	cmd.Flags().StringVar(&f.plan, "plan", "", "a Terraform plan as JSON, or - for stdin: what it changes, before and after")
	cmd.Flags().StringSliceVar(&f.deny, "deny", []string{"added", "removed", "unknown"}, "the differences that lead to exit code 1: "+strings.Join(denyKinds(), ", "))
	noFindingsFlag(cmd, &a.noFindings)
	return cmd
}

func (f *diffFlags) check(cmd *cobra.Command, args []string) error {
	if err := oneOf("--format", f.format, "text", "json", "markdown"); err != nil {
		return err
	}
	if err := f.documentFlags.check(cmd); err != nil {
		return err
	}
	if len(f.deny) == 0 {
		return errors.New("--deny names nothing: write some of " + strings.Join(denyKinds(), ", "))
	}
	for _, kind := range f.deny {
		if err := oneOf("--deny", kind, denyKinds()...); err != nil {
			return err
		}
		f.kinds = append(f.kinds, keypolicy.DenyKind(kind))
	}
	f.denies = cmd.Flags().Changed("deny")
	git, plan := cmd.Flags().Changed("git"), cmd.Flags().Changed("plan")
	switch {
	case plan && f.plan == "":
		return errors.New("--plan names no file: write a plan with `terraform show -json PLAN > plan.json`")
	case plan && (git || len(args) > 0 || cmd.Flags().Changed("document")):
		return errors.New("--plan has both sides in it: leave out OLD, NEW, --git and --document")
	case plan:
		return nil
	case git && f.base == "":
		return errors.New("--git names no revision: write for example --git main")
	case git && cmd.Flags().Changed("document"):
		return errors.New("--git compares every document: leave out --document")
	case git && slices.Contains(args, keypolicy.Stdin):
		return errors.New("stdin is in no git revision: name files with --git")
	case git:
		return nil
	case len(args) != 2:
		return errors.New("diff takes two paths, OLD and NEW, --git BASE, or --plan PLAN")
	case args[0] == keypolicy.Stdin && args[1] == keypolicy.Stdin:
		return errors.New("both OLD and NEW are stdin, which can be read once")
	}
	return nil
}

func (a *app) diffTwo(l *keypolicy.Linter, f *diffFlags, oldPath, newPath string) error {
	if f.resource == "" && l.IsModule(oldPath) && l.IsModule(newPath) {
		return a.diffModules(l, f, oldPath, newPath)
	}
	oldPolicy, oldErr := a.one(l, oldPath, f.documentFlags, true)
	newPolicy, newErr := a.one(l, newPath, f.documentFlags, true)
	for _, err := range []error{oldErr, newErr} {
		if err != nil && !errors.Is(err, errReported) {
			a.say("%v", err)
		}
	}
	if oldErr != nil || newErr != nil {
		return errReported
	}
	d := compare.Policies(l, l, oldPath, newPath, oldPolicy, newPolicy)
	if err := report.WriteDifference(a.stdio.Out, f.format, d, a.flags.colored(a.stdio.Out)); err != nil {
		return err
	}
	return outcome(false, a.objects(l, f, d))
}

// objects reports whether a difference is one of those to object to, and names them where they were asked for.
func (a *app) objects(after *keypolicy.Linter, f *diffFlags, d report.Difference) bool {
	denied := after.Denied(d.New.File, d.Old.Compiled, d.New.Compiled, d.Result, f.kinds)
	if len(denied) > 0 && f.denies {
		names := make([]string, len(denied))
		for i, kind := range denied {
			names[i] = string(kind)
		}
		a.say("%s: --deny objects: %s", report.Escape(d.Name()), strings.Join(names, ", "))
		f.outsiders = f.outsiders || slices.Contains(denied, keypolicy.DenyOutsider)
	}
	return len(denied) > 0
}

func denyKinds() []string {
	var names []string
	for _, kind := range keypolicy.DenyKinds() {
		names = append(names, string(kind))
	}
	return names
}
