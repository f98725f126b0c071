package cli

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/page"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
	"github.com/keypolicy/keypolicy/schemas"
)

const inputPrefix = "input."

// outputSchemas are the schemas of what commands write with `--format json`, by the command's words.
var outputSchemas = map[string]string{
	"lint": "findings", "compile": "findings", "simulate": "simulate", "access": "access", "diff": "diff",
	"plan": "plan", "plan show": "plan", "apply": "apply", "drift": "drift", "drift --coverage": "coverage",
	"rules": "rules", "templates": "templates", "explain": "uses", "version": "version", "suppressions": "suppressions",
}

func (a *app) schema() *cobra.Command {
	var format string
	var editor bool
	cmd := &cobra.Command{
		Use:   "schema [NAME]",
		Short: "List the JSON Schemas, or print one",
		Long:  "List the JSON Schemas of what keypolicy reads and writes, or print one. An editor completes and explains fields from them.",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json", "markdown"); err != nil {
				return err
			}
			if len(args) == 0 {
				return a.listSchemas(format)
			}
			text, err := readSchema(args[0])
			if err != nil {
				return err
			}
			if editor {
				if text, err = page.EditorSchema(text); err != nil {
					return err
				}
			}
			if format == "markdown" {
				return page.WriteSchema(a.stdio.Out, text)
			}
			_, err = a.stdio.Out.Write(text)
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown; markdown is its fields in prose")
	cmd.Flags().BoolVar(&editor, "editor", false, "with the names of AWS's actions, condition operators, condition keys and services, for editors to complete")
	return cmd
}

func schemaNames() []string {
	names := schemas.Names()
	for _, s := range rules.Subjects {
		names = append(names, inputPrefix+string(s))
	}
	return names
}

func (a *app) listSchemas(format string) error {
	names := schemaNames()
	if format == "json" {
		return report.WriteValue(a.stdio.Out, names)
	}
	lines := report.NewLines(a.stdio.Out)
	if format == "markdown" {
		_, _ = lines.WriteString("| schema | describes |\n|---|---|\n")
		for _, name := range names {
			_, _ = fmt.Fprintf(lines, "| `%s` | %s |\n", name, describeSchema(name))
		}
		return lines.Flush()
	}
	table := tabwriter.NewWriter(lines, 0, 0, 2, ' ', 0)
	for _, name := range names {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", name, describeSchema(name))
	}
	return errors.Join(table.Flush(), lines.Flush())
}

// describeSchema is the first sentence about a schema.
func describeSchema(name string) string {
	if subject, ok := strings.CutPrefix(name, inputPrefix); ok {
		return "The input of a rule whose subject is " + subject + "."
	}
	return page.FirstSentence(schemas.Description(name))
}

func readSchema(name string) ([]byte, error) {
	if name == "policy" { // what else a policy document is called
		name = "document"
	}
	for _, s := range rules.Subjects {
		if name == inputPrefix+string(s) {
			return rules.InputSchema(s), nil
		}
	}
	text, err := schemas.Read(name)
	if err != nil {
		return nil, noSuch("schema", name, schemaNames(), "`keypolicy schema` lists them")
	}
	return text, nil
}
