package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
)

func (a *app) test() *cobra.Command {
	var update bool
	cmd := &cobra.Command{
		Use:   "test [DIR]",
		Short: "Run the examples of your own rules",
		Long:  "Run the examples of your own rules: each NAME.txtar beside a NAME.rego, in DIR or in the configuration's folders.",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folders, err := a.ruleFolders(args)
			if err != nil {
				return err
			}
			return a.runExamples(cmd.Context(), folders, update)
		},
	}
	cmd.Flags().BoolVar(&update, "update", false, "write the findings that the rules give into the examples")
	return cmd
}

func (a *app) ruleFolders(args []string) ([]rules.Folder, error) {
	names := args
	if len(args) == 0 {
		c, err := a.configured()
		if err != nil {
			return nil, err
		}
		for _, folder := range c.Rules {
			names = append(names, c.path(folder))
		}
		if len(names) == 0 {
			return nil, errors.New("there are no rules to test: name a folder, or write `rules` into .keypolicy.yaml")
		}
	}
	var folders []rules.Folder
	for _, name := range names {
		folder, err := readRules(name)
		if err != nil {
			return nil, err
		}
		folders = append(folders, folder)
	}
	return folders, nil
}

// runExamples holds each rule of the folders to its examples. A rule without examples is something to object to.
func (a *app) runExamples(ctx context.Context, folders []rules.Folder, update bool) error {
	total, wrong := 0, 0
	for _, folder := range folders {
		for name := range folder.Files {
			if strings.HasSuffix(name, "_test.rego") {
				a.say("%s holds Rego tests, which are not run yet: `opa test` runs them", folder.Name)
				break
			}
		}
		for _, name := range ruleFiles(folder) {
			total++
			file := filepath.ToSlash(filepath.Join(folder.Name, strings.TrimSuffix(name, ".rego")+".txtar"))
			text, ok := folder.Files[strings.TrimSuffix(name, ".rego")+".txtar"]
			problem := "there are no examples: `keypolicy init rule` shows their form"
			if ok {
				got, want, err := runExample(ctx, text, folders, ruleName(name), a.flags.today)
				switch {
				case err != nil:
					return fmt.Errorf("%s: %w", file, err)
				case got == want:
					continue
				case update:
					if err := os.WriteFile(file, updated(text, got), 0o644); err != nil {
						return fmt.Errorf("%s: it cannot be written: %w", file, plain(err))
					}
					continue
				}
				problem = "the findings are others\n  want:\n" + indent(want) + "  got:\n" + indent(got)
			}
			wrong++
			_, _ = fmt.Fprintf(a.stdio.Out, "%s: %s\n", report.Escape(file), strings.TrimRight(problem, "\n"))
		}
	}
	if total == 0 {
		return errors.New("there are no rules to test in these folders")
	}
	_, _ = fmt.Fprintf(a.stdio.Out, "%d of %d rules give the findings of their examples\n", total-wrong, total)
	return outcome(false, wrong > 0)
}

func runExample(ctx context.Context, text []byte, user []rules.Folder, rule, today string) (got, want string, err error) {
	e, err := readExample(text)
	if err != nil {
		return "", "", err
	}
	j, err := exampleJudge(ctx, e, user, rule, today)
	if err != nil {
		return "", "", err
	}
	got, err = e.run(ctx, j, rule)
	return got, e.want, err
}

func ruleFiles(folder rules.Folder) []string {
	var names []string
	for name := range folder.Files {
		if strings.HasSuffix(name, ".rego") && !strings.HasSuffix(name, "_test.rego") && !strings.HasPrefix(name, "lib/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func indent(lines string) string {
	if lines == "" {
		return "    (none)\n"
	}
	return "    " + strings.ReplaceAll(strings.TrimRight(lines, "\n"), "\n", "\n    ") + "\n"
}
