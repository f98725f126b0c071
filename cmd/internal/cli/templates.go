package cli

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/templates"
)

func (a *app) templates() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "templates [NAME]",
		Short: "List the templates, or print one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json", "markdown"); err != nil {
				return err
			}
			c, err := a.configured()
			if err != nil {
				return err
			}
			linter, err := a.newLinter(c)
			if err != nil {
				return err
			}
			l := linter.CompilerOptions("").Templates
			if len(args) == 1 {
				return printTemplate(a.stdio.Out, l, args[0], format)
			}
			return listTemplates(a.stdio.Out, l, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown")
	return cmd
}

func listTemplates(w io.Writer, l *expand.Library, format string) error {
	var list []keypolicy.TemplateInfo
	for _, name := range l.Names() {
		if e := l.Lookup(name); e != nil {
			list = append(list, keypolicy.NewTemplateInfo(e))
		}
	}
	switch format {
	case "json":
		return report.WriteValue(w, list)
	case "markdown":
		lines := report.NewLines(w)
		_, _ = lines.WriteString("| template | description |\n|---|---|\n")
		for _, t := range list {
			_, _ = fmt.Fprintf(lines, "| `%s` | %s |\n", t.Name, t.Description)
		}
		return lines.Flush()
	default:
		lines := report.NewLines(w)
		table := tabwriter.NewWriter(lines, 0, 0, 2, ' ', 0)
		for _, t := range list {
			_, _ = fmt.Fprintf(table, "%s\t%s\n", report.Escape(t.Name), report.Escape(t.Description))
		}
		return errors.Join(table.Flush(), lines.Flush())
	}
}

func printTemplate(w io.Writer, l *expand.Library, name, format string) error {
	e := l.Lookup(name)
	if e == nil {
		return noSuch("template", name, l.Names(), "`keypolicy templates` lists them")
	}
	r := keypolicy.NewTemplateInfo(e)
	text, builtin := templates.Read(name)
	if !builtin || !e.Template.Builtin {
		read, err := disk.Read(r.File)
		if err != nil {
			return err
		}
		text = read
	}
	r.Text = string(text)
	switch format {
	case "json":
		return report.WriteValue(w, r)
	case "markdown":
		_, err := io.WriteString(w, report.Inert(fmt.Sprintf("# %s\n\n%s\n\n```yaml\n%s```\n", r.Name, r.Description, r.Text)))
		return err
	default:
		_, err := io.WriteString(w, report.Inert(r.Text))
		return err
	}
}
