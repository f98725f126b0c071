package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// noSuch says that there is nothing of a kind by a name, and the nearest name where one is near.
func noSuch(kind, name string, names []string, where string) error {
	if near, ok := facts.Nearest(name, names); ok {
		return fmt.Errorf("there is no %s `%s`: did you mean `%s`? %s", kind, report.Escape(name), near, where)
	}
	return fmt.Errorf("there is no %s `%s`: %s", kind, report.Escape(name), where)
}

// commandNames are the names of a command's own commands.
func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

// noSuchFlag names the nearest flag of a command for one that it does not have.
func noSuchFlag(cmd *cobra.Command, err error) error {
	name, is := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !is {
		return err
	}
	where := fmt.Sprintf("`%s --help` lists them", cmd.CommandPath())
	return noSuch("flag", "--"+name, flagNames(cmd), where)
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	for line := range strings.Lines(cmd.LocalFlags().FlagUsages() + cmd.InheritedFlags().FlagUsages()) {
		if _, after, is := strings.Cut(line, "--"); is {
			names = append(names, "--"+strings.FieldsFunc(after, func(r rune) bool { return r == ' ' || r == '\n' })[0])
		}
	}
	return names
}

// onlyCommands is for commands that have commands of their own and take no other word.
func onlyCommands(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return noSuch("command", cmd.Name()+" "+args[0], nested(cmd), fmt.Sprintf("`%s --help` lists them", cmd.CommandPath()))
}

func nested(cmd *cobra.Command) []string {
	names := commandNames(cmd)
	for i := range names {
		names[i] = cmd.Name() + " " + names[i]
	}
	return names
}

// helpCommand shows the help of a command. One that there is not is an error.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, left, err := root.Find(args)
			switch {
			case err != nil:
				return noSuch("command", args[0], commandNames(root), "`keypolicy help` lists them")
			case len(left) > 0 && cmd == root:
				return noSuch("command", left[0], commandNames(root), "`keypolicy help` lists them")
			case len(left) > 0:
				return onlyCommands(cmd, left)
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			cmd, left, err := root.Find(args)
			if len(left) > 0 || err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return commandNames(cmd), cobra.ShellCompDirectiveNoFileComp
		},
	}
}
