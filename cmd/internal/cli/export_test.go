package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// fastClock lets no time pass between two tries.
type fastClock struct{}

func (fastClock) Now() time.Time                                   { return time.Now() }
func (fastClock) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// MainWithFastPush is Main for a server that is not KMS: it keeps no request rates and waits between no tries.
func MainWithFastPush(ctx context.Context, args []string, stdio Stdio) int {
	return main(ctx, args, &app{stdio: stdio, asks: true, cloud: push.Options{Clock: fastClock{}, Unlimited: true}})
}

// EndClock is a fastClock that lets an hour pass when Over is closed.
type EndClock struct {
	fastClock
	Over chan struct{}
}

// Sleep waits only for an hour.
func (c EndClock) Sleep(ctx context.Context, d time.Duration) error {
	if d != time.Hour {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.Over:
		return nil
	}
}

// MainWithClock is MainWithFastPush by another clock.
func MainWithClock(ctx context.Context, args []string, stdio Stdio, clock push.Clock) int {
	return main(ctx, args, &app{stdio: stdio, asks: true, cloud: push.Options{Clock: clock, Unlimited: true}})
}

// Output is something that a command writes for programs.
type Output struct {
	Format, Schema string
	File           string // "" is what it prints
	Stderr         bool   // it is printed there
}

// OutputsOf are the outputs of a command line as JSON or SARIF.
func OutputsOf(args []string) []Output {
	cmd, rest, err := (&app{}).root().Find(args)
	if err != nil || cmd.ParseFlags(rest) != nil {
		return nil
	}
	name := strings.TrimPrefix(cmd.CommandPath(), "keypolicy ")
	if flag := cmd.Flags().Lookup("coverage"); flag != nil && flag.Changed {
		name += " --coverage"
	}
	schema := outputSchemas[name]
	var list []Output
	add := func(format, file string) {
		if slices.Contains([]string{"json", "jsonl", "sarif"}, format) && schema != "" {
			list = append(list, Output{Format: format, Schema: schema, File: file, Stderr: file == "" && name == "compile"})
		}
	}
	if flag := cmd.Flags().Lookup("format"); flag != nil {
		add(flag.Value.String(), "")
	}
	if flag := cmd.Flags().Lookup("requests"); flag != nil && flag.Changed {
		add("json", "")
	}
	if outputs, err := cmd.Flags().GetStringArray("output"); err == nil {
		for _, o := range outputs {
			format, file, _ := strings.Cut(o, "=")
			add(format, file)
		}
	}
	return list
}

// CommandsWithJSON are the words of the commands that write JSON for programs.
func CommandsWithJSON() []string {
	var list []string
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		flag := cmd.Flags().Lookup("format")
		if name := strings.TrimPrefix(cmd.CommandPath(), "keypolicy "); flag != nil && name != "schema" {
			list = append(list, name)
		}
		for _, inner := range cmd.Commands() {
			walk(inner)
		}
	}
	walk((&app{}).root())
	return list
}

// Commands are the words of all commands that do something, without those that complete.
func Commands() []string {
	var list []string
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Runnable() && cmd.HasParent() {
			list = append(list, strings.TrimPrefix(cmd.CommandPath(), "keypolicy "))
		}
		for _, inner := range cmd.Commands() {
			walk(inner)
		}
	}
	walk((&app{}).root())
	return list
}

// Parses reports whether a command line has a command, and flags that the command has.
func Parses(args []string) error {
	cmd, rest, err := (&app{}).root().Find(args)
	if err != nil {
		return err
	}
	if !cmd.HasParent() {
		return errors.New("it has no command")
	}
	return cmd.ParseFlags(rest)
}
