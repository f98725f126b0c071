package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
	"github.com/keypolicy/keypolicy/schemas"
)

const inputPrefix = "input."

func (a *app) schema() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "schema [NAME]",
		Short: "List the JSON Schemas, or print one",
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
			if format == "markdown" {
				text = []byte("```json\n" + strings.TrimRight(string(text), "\n") + "\n```\n")
			}
			_, err = a.stdio.Out.Write(text)
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or markdown")
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
	bullet := ""
	if format == "markdown" {
		bullet = "- "
	}
	for _, name := range names {
		if _, err := fmt.Fprintf(a.stdio.Out, "%s%s\n", bullet, name); err != nil {
			return err
		}
	}
	return nil
}

func readSchema(name string) ([]byte, error) {
	for _, s := range rules.Subjects {
		if name == inputPrefix+string(s) {
			return rules.InputSchema(s), nil
		}
	}
	text, err := schemas.Read(name)
	if err != nil {
		return nil, fmt.Errorf("there is no schema `%s`: write one of %s", name, strings.Join(schemaNames(), ", "))
	}
	return text, nil
}
