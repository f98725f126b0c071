// Package cli is the command line: one file a command. It holds no state beyond one run.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// Stdio is what a command reads and writes.
type Stdio struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs a command and gives its exit code.
func Main(ctx context.Context, args []string, stdio Stdio) int {
	return main(ctx, args, &app{stdio: stdio})
}

func main(ctx context.Context, args []string, a *app) int {
	tuneCollector()
	stdio := a.stdio
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdio.In)
	root.SetOut(stdio.Out)
	root.SetErr(stdio.Err)
	err := root.ExecuteContext(ctx)
	if errors.Is(err, context.Canceled) {
		err = errInterrupted
	}
	if a.timedOut != nil && a.timedOut() && exitCode(err) == exitFailed {
		a.say("%v", errTimeout)
	}
	if err != nil && !errors.Is(err, errFindings) && !errors.Is(err, errChanges) && !errors.Is(err, errReported) {
		a.say("%v", err)
	}
	return exitCode(err)
}

// app is one run of the command line.
type app struct {
	stdio Stdio
	flags globals
	roots *disk.Roots  // what files are read from
	cloud push.Options // what tests change
	asks  bool         // tests answer questions without a terminal

	printed    prints // by users' rules
	noFindings bool   // files with errors are named, and their findings are not shown

	timedOut        func() bool // the run was ended by --timeout; nil is not a limit
	asksAWS         bool        // the command asks AWS
	configuredAbove string      // the configuration, where it is above the working folder
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "keypolicy",
		Short:         "Lints, compiles and pushes AWS KMS key policies that are written as YAML",
		Long:          "keypolicy compiles short specs to AWS KMS key policies, and reports, at the line of your YAML,\nwhat AWS would refuse, what gives too much access and what would lock you out.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noSuch("command", args[0], commandNames(cmd), "`keypolicy help` lists them")
			}
			_ = cmd.Help()
			return errors.New("no command was given")
		},
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			if err := a.flags.check(); err != nil {
				return err
			}
			return a.nameFiles(cmd, args)
		},
	}
	root.Version = ownVersion()
	root.SetVersionTemplate(versionText(newVersionInfo()))
	a.flags.add(root)
	root.AddCommand(a.lint(), a.baseline(), a.compile(), a.simulate(), a.access(), a.diff(), a.plan(), a.apply(), a.drift(), a.importSpec(), a.rules(), a.templates(), a.explain(), a.schema(), a.suppressions(), a.init(), a.test(), a.version())
	root.SetHelpCommand(helpCommand(root))
	root.SetFlagErrorFunc(noSuchFlag)
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			cmd.Args = onlyCommands
			cmd.RunE = func(*cobra.Command, []string) error { return cmd.Help() }
		}
	}
	describeCommands(root)
	complete(root)
	return root
}

// say writes one sentence to stderr.
func (a *app) say(format string, args ...any) {
	text := strings.TrimRight(fmt.Sprintf(format, args...), "\n")
	for line := range strings.SplitSeq(text, "\n") {
		_, _ = fmt.Fprintf(a.stdio.Err, "keypolicy: %s\n", report.Inert(report.Escape(line)))
	}
}
