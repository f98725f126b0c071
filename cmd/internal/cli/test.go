package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/cmd/internal/ruletimeout"
	"github.com/keypolicy/keypolicy/rules"
)

func (a *app) test() *cobra.Command {
	var update bool
	cmd := &cobra.Command{
		Use:   "test [DIR]",
		Short: "Run the examples of your own rules",
		Long: "Run the examples of your own rules, each NAME.txtar beside a NAME.rego, and the Rego tests (test_… in files\n" +
			"NAME_test.rego), in DIR or in the configuration's folders. The day of the examples is " + keypolicy.ExampleDay + ", unless --today\nnames another.",
		Args: cobra.MaximumNArgs(1),
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
	all, err := a.files()
	if err != nil {
		return nil, err
	}
	names := disk.Slashed(args)
	if len(args) == 0 {
		c, err := a.configured()
		if err != nil {
			return nil, err
		}
		for _, folder := range c.Rules {
			names = append(names, c.Path(folder))
		}
		if len(names) == 0 {
			return nil, errors.New("there are no rules to test: name a folder, or write `rules` into .keypolicy.yaml")
		}
	}
	var folders []rules.Folder
	for _, name := range names {
		folder, err := all.ReadRules(name)
		if err != nil {
			return nil, err
		}
		folders = append(folders, folder)
	}
	return folders, nil
}

// runExamples holds each rule of the folders to its examples, and runs their Rego tests. A rule without examples is
// something to object to.
func (a *app) runExamples(ctx context.Context, folders []rules.Folder, update bool) error {
	set, err := rules.Load(ctx, rules.Options{User: folders})
	if err != nil {
		return err // also of a rule that has no examples
	}
	a.sayOlder(set)
	t := &ruleTestRun{app: a, folders: folders, update: update}
	for _, folder := range folders {
		for _, name := range ruleFiles(folder) {
			if err := t.rule(ctx, folder, name); err != nil {
				return err
			}
		}
	}
	if err := t.units(ctx); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(a.stdio.Out, "%d of %d rules pass their examples\n", t.total-t.wrong, t.total)
	if t.ran > 0 {
		_, _ = fmt.Fprintf(a.stdio.Out, "%d of %d Rego tests pass\n", t.ran-t.failed, t.ran)
	}
	return outcome(false, t.wrong+t.failed > 0)
}

// ruleTestRun is one run of `test`.
type ruleTestRun struct {
	*app
	folders      []rules.Folder
	update       bool
	total, wrong int // rules
	ran, failed  int // Rego tests
}

// rule holds one rule to its examples.
func (t *ruleTestRun) rule(ctx context.Context, folder rules.Folder, name string) error {
	t.total++
	file := filepath.ToSlash(filepath.Join(folder.Name, strings.TrimSuffix(name, ".rego")+".txtar"))
	text, ok := folder.Files[strings.TrimSuffix(name, ".rego")+".txtar"]
	if !ok {
		t.object(file, "there are no examples: `keypolicy init rule` shows their form")
		return nil
	}
	as := rules.Options{User: t.folders, Today: t.exampleDay(), Limit: ruletimeout.New().Limit, Print: t.printed.add}
	got, want, err := runExample(ctx, text, ruleName(name), as)
	t.printed.flush(t.stdio.Err)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	as.AskAll, as.Print = true, nil
	whole, _, err := runExample(ctx, text, ruleName(name), as)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", file, err)
	case got != whole:
		t.object(file, "`when` and `access` of METADATA change what the rule reports\n  with them:\n"+indent(got)+"  without them:\n"+indent(whole))
	case got == "" && want == "":
		t.object(file, "no example has a finding of the rule "+ruleName(name)+": add one that it objects to")
	case got == want:
	case t.update:
		if err := os.WriteFile(file, keypolicy.WithFindings(text, got), 0o644); err != nil {
			return fmt.Errorf("%s: it cannot be written: %w", file, disk.Reason(err))
		}
	default:
		t.object(file, "the findings differ\n  want:\n"+indent(want)+"  got:\n"+indent(got))
	}
	return nil
}

func (t *ruleTestRun) object(file, problem string) {
	t.wrong++
	_, _ = fmt.Fprintf(t.stdio.Out, "%s: %s\n", report.Escape(file), strings.TrimRight(problem, "\n"))
}

// units runs the Rego tests.
func (t *ruleTestRun) units(ctx context.Context) error {
	all, err := rules.UnitTests(ctx, t.folders, ruletimeout.New().Limit, t.printed.add)
	t.printed.flush(t.stdio.Err)
	if err != nil {
		return err
	}
	for _, u := range all {
		t.ran++
		if u.Pass {
			continue
		}
		t.failed++
		why := "it is not true"
		if u.Err != nil {
			why = u.Err.Error()
		}
		_, _ = fmt.Fprintf(t.stdio.Out, "%s:%d: %s fails: %s\n", report.Escape(u.File), u.Line, report.Escape(u.Name), report.Escape(why))
	}
	return nil
}

// exampleDay is the day of the examples: the same on every day, unless --today names one.
func (t *ruleTestRun) exampleDay() string {
	if t.flags.todayGiven {
		return t.flags.today
	}
	return keypolicy.ExampleDay
}

// runExample gives the findings of a rule's examples, and those that it should give.
func runExample(ctx context.Context, text []byte, rule string, as rules.Options) (got, want string, err error) {
	e, err := keypolicy.ReadExample(text)
	if err != nil {
		return "", "", err
	}
	set, err := e.Load(ctx, rule, as)
	if err != nil {
		return "", "", err
	}
	found, err := e.Check(ctx, set, as.Today)
	return keypolicy.FindingLines(found, rule), e.Want, err
}

// ruleName is the name of the rule of a file.
func ruleName(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path.Base(file), ".txtar"), ".rego")
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
