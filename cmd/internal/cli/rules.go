package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/page"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
)

func (a *app) rules() *cobra.Command {
	var format, dir string
	cmd := &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules, or explain one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json", "markdown"); err != nil {
				return err
			}
			if dir != "" && (format != "markdown" || len(args) > 0) {
				return errors.New("-o writes the pages of all rules: use it with --format markdown and without RULE")
			}
			c, err := a.configured()
			if err != nil {
				return err
			}
			return a.showRules(cmd.Context(), c, args, format, dir)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown")
	cmd.Flags().StringVarP(&dir, "output", "o", "", "with --format markdown, the folder that the index and a page for each rule are written to")
	return cmd
}

// showRules lists the rules, or shows the one that is named.
func (a *app) showRules(ctx context.Context, c *keypolicy.Configuration, args []string, format, dir string) error {
	l, err := a.newLinter(c)
	if err != nil {
		return err
	}
	set, err := l.Rules(ctx)
	if err != nil {
		return err
	}
	index, err := set.Index()
	if err != nil {
		return err
	}
	if len(args) == 0 && dir == "" {
		return listRules(a.stdio.Out, index, format)
	}
	if len(args) > 0 && !set.Has(args[0]) {
		if now := set.Formerly(args[0]); len(now) > 0 {
			a.say("the rule `%s` is called `%s` now", report.Escape(args[0]), now[0])
			args = now[:1]
		}
	}
	var pages []*page.Rule
	for _, m := range index {
		if len(args) > 0 && m.Name != args[0] {
			continue
		}
		p, err := page.NewRule(ctx, l, set, m)
		if err != nil {
			return fmt.Errorf("the examples of %s: %w", m.File, err)
		}
		pages = append(pages, p)
	}
	switch {
	case dir != "":
		return page.WriteAll(dir, pages)
	case len(pages) == 0:
		return noSuchRule(args[0], index)
	case format == "json":
		return report.WriteValue(a.stdio.Out, pages[0].RuleInfo)
	case format == "markdown":
		return pages[0].WriteMarkdown(a.stdio.Out)
	default:
		return pages[0].WriteText(a.stdio.Out)
	}
}

func noSuchRule(name string, index []rules.Metadata) error {
	names := make([]string, len(index))
	for i, m := range index {
		names[i] = m.Name
	}
	return noSuch("rule", name, names, "`keypolicy rules` lists them")
}

func listRules(w io.Writer, index []rules.Metadata, format string) error {
	list := make([]keypolicy.RuleInfo, 0, len(index))
	for _, m := range index {
		list = append(list, keypolicy.NewRuleInfo(m))
	}
	switch format {
	case "json":
		return report.WriteValue(w, list)
	case "markdown":
		return page.WriteIndex(w, list)
	}
	lines := report.NewLines(w)
	table := tabwriter.NewWriter(lines, 0, 0, 2, ' ', 0)
	for _, r := range list {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Name, r.Category, r.Severity, r.Title)
	}
	return errors.Join(table.Flush(), lines.Flush())
}
