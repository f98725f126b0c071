package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

func (a *app) explain() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "explain [USE]",
		Short: "Show what a use of a key needs, or list the uses",
		Long: "Show what a use of a key needs: the requests that AWS documents, the statements that let them through, and what is needed\n" +
			"in addition to the key policy. Without a USE all uses are listed by service; any other word lists the uses that contain it.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json"); err != nil {
				return err
			}
			word := ""
			if len(args) == 1 {
				word = args[0]
			}
			if use, ok := facts.LookupUse(word); ok {
				return explainUse(a.stdio.Out, keypolicy.NewUseInfo(use), format)
			}
			return listUses(a.stdio.Out, word, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// wayWords say how a use gets in.
var wayWords = map[string]string{
	string(facts.WayKeyPolicy):      "only by the key policy itself: an identity policy or the account statement is not enough",
	string(facts.WayIdentityPolicy): "by its caller's identity policies, where the key policy delegates to the account, or by the key policy itself",
	string(facts.WayGrant):          "by a grant, which its caller creates or lets it create; the caller gets in by identity policies or the key policy",
}

func explainUse(w io.Writer, r keypolicy.UseInfo, format string) error {
	if format == "json" {
		return report.WriteValue(w, r)
	}
	lines := report.NewLines(w)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(lines, format+"\n", args...) }
	line("%s: %s, %s", r.Use, r.Service, r.For)
	line("  gets in %s", wayWords[r.Way])
	if r.KeySpec != "" {
		line("  needs a key of %s for %s", r.KeySpec, r.KeyUsage)
	}
	if len(r.Regions) > 0 {
		line("  needs a key in %s", strings.Join(r.Regions, " or "))
	}
	for _, q := range r.Requests {
		line("\n  %s asks for %s", q.Principal, strings.Join(q.Actions, ", "))
		for _, key := range slices.Sorted(maps.Keys(q.Context)) {
			line("    with %s: %s", key, q.Context[key])
		}
		if len(q.NotSent) > 0 {
			line("    never sends %s: a condition that requires a value of them is not met", strings.Join(q.NotSent, ", "))
		}
	}
	if r.Needs != "" {
		line("\n  %s", r.Needs)
	}
	if r.Include != "" {
		line("\n  include:\n    - %s", r.Include)
		for i, st := range r.Statements {
			line("  %s %s", []string{"which adds", "and"}[min(i, 1)], st)
		}
	}
	if len(r.Parameters) > 0 {
		line("\n  parameters of used_by and of the template:")
		for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
			line("    %s: %s", name, r.Parameters[name])
		}
	}
	if len(r.Open) > 0 {
		line("\n  AWS's pages leave open:")
		for _, o := range r.Open {
			line("    - %s", o)
		}
	}
	line("")
	for _, p := range r.Pages {
		line("  %s", p)
	}
	return lines.Flush()
}

// listUses lists the uses that have a word in their name, their service or what they are for, by service.
func listUses(w io.Writer, word, format string) error {
	var list []keypolicy.UseInfo
	for _, use := range facts.Uses() {
		text := strings.ToLower(use.ID + " " + use.Service + " " + use.Name)
		if strings.Contains(text, strings.ToLower(word)) {
			r := keypolicy.NewUseInfo(use)
			r.Requests, r.Statements, r.Open = nil, nil, nil
			list = append(list, r)
		}
	}
	if len(list) == 0 {
		help := "`keypolicy explain` lists them"
		if near, ok := facts.Nearest(word, facts.UseNames()); ok {
			help = fmt.Sprintf("did you mean `%s`?", near)
		}
		return fmt.Errorf("there is no use `%s`: %s", word, help)
	}
	slices.SortStableFunc(list, func(a, b keypolicy.UseInfo) int { return strings.Compare(a.Service, b.Service) })
	if format == "json" {
		return report.WriteValue(w, list)
	}
	lines := report.NewLines(w)
	table := tabwriter.NewWriter(lines, 0, 0, 2, ' ', 0)
	for _, r := range list {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", r.Service, r.Use, r.For)
	}
	return errors.Join(table.Flush(), lines.Flush())
}
