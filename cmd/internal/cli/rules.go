package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
)

type ruleReport struct {
	Name        string   `json:"name"`
	Category    string   `json:"category"`
	Severity    string   `json:"severity"`
	Enabled     bool     `json:"enabled"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Remedy      string   `json:"remedy"`
	Subjects    []string `json:"subjects"`
	Links       []string `json:"links"`
	URL         string   `json:"url,omitempty"`          // of the rule's page; "" for a user's rule
	FormerNames []string `json:"former_names,omitempty"` // which still mean the rule
	User        bool     `json:"user"`                   // a user's own
	Examples    string   `json:"examples,omitempty"`
}

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

func newRuleReport(m rules.Metadata) ruleReport {
	r := ruleReport{
		Name: m.Name, Category: m.Category, Severity: m.Severity.String(), Enabled: m.Enabled,
		Title: m.Title, Description: m.Description, Remedy: m.Remedy, Links: append([]string{}, m.Links...), User: m.User,
	}
	r.URL, r.FormerNames = rules.PageURL(m.Name), m.Aliases
	for _, s := range m.Subjects {
		r.Subjects = append(r.Subjects, string(s))
	}
	return r
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
	var pages []*page
	for _, m := range index {
		if len(args) > 0 && m.Name != args[0] {
			continue
		}
		p, err := newPage(ctx, l, set, m)
		if err != nil {
			return fmt.Errorf("the examples of %s: %w", m.File, err)
		}
		pages = append(pages, p)
	}
	switch {
	case dir != "":
		return writeRulePages(dir, pages)
	case len(pages) == 0:
		return noSuchRule(args[0], index)
	case format == "json":
		return report.WriteValue(a.stdio.Out, pages[0].ruleReport)
	case format == "markdown":
		return writeMarkdown(a.stdio.Out, pages[0])
	default:
		return writePage(a.stdio.Out, pages[0])
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
	list := make([]ruleReport, 0, len(index))
	for _, m := range index {
		list = append(list, newRuleReport(m))
	}
	switch format {
	case "json":
		return report.WriteValue(w, list)
	case "markdown":
		return writeRuleIndex(w, list)
	}
	lines := report.NewLines(w)
	table := tabwriter.NewWriter(lines, 0, 0, 2, ' ', 0)
	for _, r := range list {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Name, r.Category, r.Severity, r.Title)
	}
	return errors.Join(table.Flush(), lines.Flush())
}
