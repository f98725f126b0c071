package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// planFlags is the flags of plan, and of those commands that plan first.
type planFlags struct {
	format, file string
	detailed     bool
	allowLosing  bool
	allowUnknown bool
	timeout      time.Duration
	expires      time.Duration
}

func (f *planFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.format, "format", "text", "text, json or markdown")
	cmd.Flags().BoolVar(&f.allowLosing, "allow-losing-own-access", false, "do not block a key because the caller could not change its policy again; KMS makes the same check")
	cmd.Flags().BoolVar(&f.allowUnknown, "allow-unknown-difference", false, "do not block a key because it is not fully known who gains and loses access")
	cmd.Flags().DurationVar(&f.timeout, "timeout", 0, timeoutHelp)
}

func (f *planFlags) check() error {
	if err := oneOf("--format", f.format, "text", "json", "markdown"); err != nil {
		return err
	}
	if f.expires < 0 {
		return fmt.Errorf("--expires is %s: write a time such as 24h, or 0 for no limit", f.expires)
	}
	return checkTimeout(f.timeout)
}

func (a *app) plan() *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan [PATH…]",
		Short: "Compare specs with the live policies of their keys",
		Long:  "Compare specs with the live policies of their keys, in meaning: who gains and who loses what. Nothing is changed.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runPlan(cmd.Context(), &f, args)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVarP(&f.file, "output", "o", "", "the `FILE` that the plan is written to, for apply")
	cmd.Flags().DurationVar(&f.expires, "expires", 7*24*time.Hour, "how long apply accepts the plan that -o writes; 0 means forever")
	cmd.AddCommand(a.showPlan())
	cmd.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit with 3 where there are changes")
	return cmd
}

func (a *app) runPlan(ctx context.Context, f *planFlags, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	a.asksAWS = true
	ctx, stop := a.within(ctx, f.timeout)
	defer stop()
	if f.file != "" && slices.Contains(args, keypolicy.Stdin) {
		return errors.New("a plan for `apply FILE` cannot be made of stdin: write the spec into a file")
	}
	if holdsOther(f.file) {
		return fmt.Errorf("%s is there and is not a plan, so it is not overwritten: give -o another name", f.file)
	}
	asked, err := a.pushed(ctx, args)
	if err != nil {
		return err
	}
	cloud, err := a.open(ctx, asked.linter.Configuration)
	if err != nil {
		return err
	}
	items := a.planned(ctx, cloud, f, asked)
	if err := a.writePlan(ctx, f, items, asked.linter.Configuration, cloud); err != nil {
		return err
	}
	if err := a.tellKeys(f.format, items, besides{cloud: cloud}); err != nil {
		return err
	}
	return planOutcome(items, asked.faulty, f.detailed)
}

// writePlan writes the plan for `apply FILE`. One that was cut off, or in which nothing could be read, is not worth a plan.
func (a *app) writePlan(ctx context.Context, f *planFlags, items []*push.Item, c *keypolicy.Configuration, cloud *push.Cloud) error {
	why := ""
	switch {
	case f.file == "":
		return nil
	case ctx.Err() != nil:
		why = "the plan was cut off"
	case countStates(items)[push.Failed] == len(items):
		why = "every key failed"
	}
	if why != "" {
		a.say("%s, so %s is not written", why, f.file)
		return nil
	}
	text, err := a.pinned(items, f, c, cloud).JSON()
	if err != nil {
		return err
	}
	if err := disk.Replace(f.file, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return fmt.Errorf("%s: the plan cannot be written: %w", f.file, disk.Reason(err))
	}
	return nil
}

// holdsOther reports a file that holds something else than a plan, such as the spec of a slip after -o.
func holdsOther(name string) bool {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return false
	}
	text, err := os.ReadFile(name)
	return err == nil && !push.IsPlan(text)
}

// open reads AWS's configuration; nothing is asked yet.
func (a *app) open(ctx context.Context, c *keypolicy.Configuration) (*push.Cloud, error) {
	options := a.cloud
	options.Version, options.Commit = ownVersion(), commit(ctx)
	options.Roles = map[string]push.Role{}
	for account, r := range c.Accounts {
		duration, _ := time.ParseDuration(cmp.Or(r.Duration, "0")) // the schema has seen it
		options.Roles[account] = push.Role{ARN: r.ARN, ExternalID: r.ExternalID, Tags: r.Tags, Duration: duration}
	}
	return push.Open(ctx, options)
}

// chosen are the flags that a plan and a run remember.
func (a *app) chosen(f *planFlags) push.Flags {
	k := a.flags.key
	return push.Flags{Account: k.Account, Partition: k.Partition, Region: k.Region, Key: k.Key, AllowLosingOwnAccess: f.allowLosing, AllowUnknown: f.allowUnknown}
}

// planned plans with a bar.
func (a *app) planned(ctx context.Context, cloud *push.Cloud, f *planFlags, asked *asked, change ...func(*push.Planner)) []*push.Item {
	bar := a.bar(len(asked.targets), "reading keys")
	defer bar.close()
	p := a.planner(cloud, f)
	p.LintLive, p.Done = asked.linter.LintLive, bar.step
	for _, c := range change {
		c(p)
	}
	return p.Plan(ctx, asked.targets)
}

// planner plans by the flags.
func (a *app) planner(cloud *push.Cloud, f *planFlags) *push.Planner {
	return &push.Planner{Cloud: cloud, AllowLosingOwnAccess: f.allowLosing, AllowUnknownDifference: f.allowUnknown, Waits: a.waits}
}

// tellKeys writes what became of the keys to stdout, and their summary to stderr.
func (a *app) tellKeys(format string, items []*push.Item, t besides) error {
	keys := reported(items)
	o := report.KeysOptions{Format: format, Colors: a.flags.colored(a.stdio.Out), Brief: t.brief, All: a.flags.verbose, Run: t.run(items)}
	if err := report.WriteKeys(a.stdio.Out, keys, o); err != nil {
		return err
	}
	if format == "text" && !a.flags.quiet {
		a.say("%s%s", keys.String(), a.byConfiguration())
	}
	return nil
}

func reported(items []*push.Item) report.Keys {
	var keys report.Keys
	for _, it := range items {
		key := report.Key{
			File: it.File, Document: it.Document, Key: it.Name(), Region: it.Region, Account: it.Account,
			State: string(it.State), Reason: it.Reason, Findings: it.Findings, Diff: it.Diff,
		}
		if it.Diff != nil {
			key.Policies = it.Policies()
		}
		keys = append(keys, key)
	}
	return keys
}

// planOutcome is the error for what a plan met.
func planOutcome(items []*push.Item, faulty, detailed bool) error {
	count := countStates(items)
	if err := outcome(faulty || count[push.Failed] > 0, count[push.Blocked]+count[push.Refused] > 0); err != nil {
		return err
	}
	if detailed && count[push.Change] > 0 {
		return errChanges
	}
	return nil
}

func countStates(items []*push.Item) map[push.State]int {
	count := map[push.State]int{}
	for _, it := range items {
		count[it.State]++
	}
	return count
}
