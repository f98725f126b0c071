package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// accessFlags is the flags of access.
type accessFlags struct {
	documentFlags
	format, caller string
	accounts, orgs []string
}

func (a *app) access() *cobra.Command {
	var f accessFlags
	cmd := &cobra.Command{
		Use:   "access PATH",
		Short: "Show who can do what with the key, and who can change its policy",
		Long: "Show what the key policy of a spec or a policy document allows: who can do what under which conditions, who can change the\n" +
			"policy, who outside the trusted accounts gets in, and which statements have no effect. The exit code is 0 whatever is reported.",
		Args: exactly(1, "access takes one PATH: a spec or a policy document"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			l, err := a.linter()
			if err != nil {
				return err
			}
			p, err := a.one(l, args[0], f.documentFlags, false)
			if err != nil {
				return err
			}
			env := l.AccessEnv(filepath.ToSlash(args[0]), p, keypolicy.AccessOptions{TrustAccounts: f.accounts, TrustOrganizations: f.orgs, Caller: f.caller})
			result := report.Access{Policy: report.NewPolicy(args[0], p), Caller: f.caller}
			result.Report, result.Uses = keypolicy.AnalyzeWithUses(p, env)
			return report.WriteAccess(a.stdio.Out, f.format, result, a.flags.colored(a.stdio.Out))
		},
	}
	f.add(cmd)
	a.flags.addVarFile(cmd)
	cmd.Flags().StringVar(&f.format, "format", "text", "text, json or markdown")
	cmd.Flags().StringSliceVar(&f.accounts, "trust-account", nil, "accounts that are not outsiders, beside the key's own and the configuration's")
	cmd.Flags().StringSliceVar(&f.orgs, "trust-org", nil, "organizations whose accounts are not outsiders, such as o-a1b2c3d4e5")
	cmd.Flags().StringVar(&f.caller, "caller", "", "the ARN of who would write the policy: report whether KMS's lockout safety check accepts the policy")
	return cmd
}

var orgPattern = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)

func (f *accessFlags) check(cmd *cobra.Command) error {
	if err := oneOf("--format", f.format, "text", "json", "markdown"); err != nil {
		return err
	}
	if err := f.documentFlags.check(cmd); err != nil {
		return err
	}
	for _, id := range f.accounts {
		if !accountPattern.MatchString(id) {
			return fmt.Errorf("--trust-account %s is not an account ID: write its 12 digits", id)
		}
	}
	for _, id := range f.orgs {
		if !orgPattern.MatchString(id) {
			return fmt.Errorf("--trust-org %s is not an organization id: write it as o-a1b2c3d4e5", id)
		}
	}
	if cmd.Flags().Changed("caller") && f.caller == "" {
		return errors.New("--caller names nobody: write the ARN of who would write the policy")
	}
	return nil
}
