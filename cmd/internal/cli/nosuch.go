package cli

import (
	"fmt"

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
