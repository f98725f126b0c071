package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
	"github.com/keypolicy/keypolicy/templates"
)

// complete lets shells complete names, as `keypolicy completion SHELL` sets up; where nothing is said, they complete files.
func complete(root *cobra.Command) {
	names := map[string]func() []string{
		"rules": ruleNames, "templates": templates.Names, "schema": schemaNames, "explain": facts.UseNames,
	}
	values := map[string][]string{
		"min-severity": {"error", "warning", "info"}, "fail-on": {"error", "warning", "info"}, "color": {"auto", "always", "never"}, "to": {"policy", "input"},
	}
	var each func(*cobra.Command)
	each = func(cmd *cobra.Command) {
		if list, ok := names[strings.TrimPrefix(cmd.CommandPath(), "keypolicy ")]; ok {
			cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
				if len(args) > 0 {
					return nil, cobra.ShellCompDirectiveNoFileComp
				}
				return list(), cobra.ShellCompDirectiveNoFileComp
			}
		}
		for flag, list := range values {
			completeFlag(cmd, flag, list)
		}
		if cmd.Flags().Lookup("deny") != nil {
			_ = cmd.RegisterFlagCompletionFunc("deny", completeList(denyKinds())) // it fails where one is registered
		}
		if flag := cmd.Flags().Lookup("output"); flag != nil && strings.Contains(flag.Usage, "FORMAT=FILE") {
			_ = cmd.RegisterFlagCompletionFunc("output", completeFormatFile) // it fails where one is registered
		}
		if flag := cmd.Flags().Lookup("format"); flag != nil {
			list := report.Formats()
			if usage, _, _ := strings.Cut(flag.Usage, ";"); usage == "text or json" || usage == "text, json or markdown" {
				list = strings.FieldsFunc(strings.ReplaceAll(usage, " or ", ","), func(r rune) bool { return r == ',' || r == ' ' })
			}
			completeFlag(cmd, "format", list)
		}
		for _, inner := range cmd.Commands() {
			each(inner)
		}
	}
	each(root)
}

func completeFlag(cmd *cobra.Command, flag string, values []string) {
	if cmd.Flags().Lookup(flag) == nil && cmd.PersistentFlags().Lookup(flag) == nil {
		return
	}
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // it fails where one is registered
}

// completeFormatFile completes the format of FORMAT=FILE; the file is the shell's.
func completeFormatFile(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if strings.Contains(typed, "=") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	list := report.Formats()
	for i := range list {
		list[i] += "="
	}
	return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeList completes the last of values that are separated by commas.
func completeList(values []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		list := make([]string, len(values))
		for i, v := range values {
			list[i] = before + v
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// ruleNames are the names of the rules built in.
func ruleNames() []string {
	set, err := rules.Load(context.Background(), rules.Options{})
	if err != nil {
		return nil // shells complete nothing then
	}
	return set.Names()
}
