package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

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
	User        bool     `json:"user"` // a user's own
	Examples    string   `json:"examples,omitempty"`
}

func (a *app) rules() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules, or explain one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json", "markdown"); err != nil {
				return err
			}
			c, err := a.configured()
			if err != nil {
				return err
			}
			j, err := newJudge(cmd.Context(), c, a.flags.today)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return explainRule(a.stdio.Out, j, args[0], format)
			}
			return listRules(a.stdio.Out, j, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown")
	return cmd
}

func newRuleReport(m rules.Metadata) ruleReport {
	r := ruleReport{
		Name: m.Name, Category: m.Category, Severity: m.Severity.String(), Enabled: m.Enabled,
		Title: m.Title, Description: m.Description, Remedy: m.Remedy, Links: append([]string{}, m.Links...), User: m.User,
	}
	for _, s := range m.Subjects {
		r.Subjects = append(r.Subjects, string(s))
	}
	return r
}

func listRules(w io.Writer, j *judge, format string) error {
	index, err := j.set.Index()
	if err != nil {
		return err
	}
	list := make([]ruleReport, 0, len(index))
	for _, m := range index {
		list = append(list, newRuleReport(m))
	}
	switch format {
	case "json":
		return report.WriteValue(w, list)
	case "markdown":
		_, _ = io.WriteString(w, "| rule | category | severity | title |\n|---|---|---|---|\n")
		for _, r := range list {
			_, _ = fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", r.Name, r.Category, r.Severity, r.Title)
		}
		return nil
	default:
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, r := range list {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Name, r.Category, r.Severity, r.Title)
		}
		return table.Flush()
	}
}

func explainRule(w io.Writer, j *judge, name, format string) error {
	m, ok, err := j.set.Metadata(name)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("there is no rule `%s`: `keypolicy rules` lists them", name)
	}
	r := newRuleReport(m)
	r.Examples = string(j.set.ExampleText(name))
	switch format {
	case "json":
		return report.WriteValue(w, r)
	case "markdown":
		_, _ = fmt.Fprintf(w, "# %s\n\n%s (%s, %s)\n\n## Why\n\n%s\n\n## What to do\n\n%s\n", r.Name, r.Title, r.Category, r.Severity, r.Description, r.Remedy)
		if r.Examples != "" {
			_, _ = fmt.Fprintf(w, "\n## Examples\n\n```text\n%s```\n", r.Examples)
		}
		for _, link := range r.Links {
			_, _ = fmt.Fprintf(w, "\n<%s>\n", link)
		}
		return nil
	default:
		_, _ = fmt.Fprintf(w, "%s (%s, %s)\n\n%s\n\nWhy: %s\n\nWhat to do: %s\n", r.Name, r.Category, r.Severity, r.Title, r.Description, r.Remedy)
		for _, link := range r.Links {
			_, _ = fmt.Fprintf(w, "\n%s\n", link)
		}
		if r.Examples != "" {
			_, _ = fmt.Fprintf(w, "\nExamples:\n\n%s", r.Examples)
		}
		return nil
	}
}
