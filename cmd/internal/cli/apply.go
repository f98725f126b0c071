package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// applying is the flags of apply.
type applying struct {
	planning
	yes, resume        bool
	maxFailures        int
	stateDir, rollback string
}

func (a *app) apply() *cobra.Command {
	var f applying
	cmd := &cobra.Command{
		Use:   "apply [PATH…|PLAN]",
		Short: "Write the policies of specs to their keys",
		Long:  "Write the policies of specs to their keys: plan, ask, and write each policy that differs. A policy is written only where the live\npolicy is the one that the plan was made from. That one is saved before, and the new one is read back until KMS returns it.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runApply(cmd.Context(), &f, args)
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	cmd.Flags().StringVar(&f.stateDir, "state-dir", "", "the folder of journals and backups; else .keypolicy beside the configuration")
	cmd.Flags().IntVar(&f.maxFailures, "max-failures", 0, "begin no other key after so many have failed; 0 is never")
	cmd.Flags().BoolVar(&f.resume, "resume", false, "take up the run that was broken off")
	cmd.Flags().StringVar(&f.rollback, "rollback", "", "put back what was there before the run of a journal")
	return cmd
}

func (f *applying) check(args []string) error {
	switch {
	case f.maxFailures < 0:
		return fmt.Errorf("--max-failures is %d: write 0 or more", f.maxFailures)
	case f.resume && f.rollback != "":
		return errors.New("--resume and --rollback are two things: give one")
	case (f.resume || f.rollback != "") && len(args) > 0:
		return errors.New("--resume and --rollback take their keys from the journal: name no path")
	case slices.Contains(args, keypolicy.Stdin) && !f.yes:
		return errors.New("stdin cannot hold a spec and the answer to the question: give --yes, or write the spec into a file")
	}
	return f.planning.check()
}

// ready is a run that has been planned and may be begun.
type ready struct {
	items   []*push.Item
	journal *push.Journal // of the run that is taken up; nil is a new one
	faulty  bool
	asked   bool // the plan has been shown with the question
}

func (a *app) runApply(ctx context.Context, f *applying, args []string) error {
	if err := f.check(args); err != nil {
		return err
	}
	a.asksAWS = true
	ctx, stop := a.within(ctx, f.timeout)
	defer stop()
	c, err := a.configured()
	if err != nil {
		return err
	}
	if err := a.met(c); err != nil {
		return err
	}
	dir, err := push.OpenStateDir(f.folder(c))
	if err != nil {
		return err
	}
	defer dir.Close()
	cloud, err := a.open(ctx, c)
	if err != nil {
		return err
	}
	r, err := a.ready(ctx, f, args, cloud, dir)
	if errors.Is(err, push.ErrNothingToResume) {
		a.say("%v: there is nothing to do", err)
		if f.format == "json" {
			return a.tellKeys(f.format, nil, besides{cloud: cloud})
		}
		return nil
	}
	if err != nil {
		return err
	}
	if countStates(r.items)[push.Change] > 0 || r.journal != nil {
		if err := a.carryOut(ctx, f, r, c, cloud, dir); err != nil {
			return err
		}
	}
	if err := a.tellKeys(f.format, r.items, besides{cloud: cloud, journal: r.journal, brief: r.asked && f.format == "text"}); err != nil {
		return err
	}
	a.tellNext(f, r)
	return applyOutcome(r.items, r.faulty)
}

// folder is the state folder.
func (f *applying) folder(c *keypolicy.Configuration) string {
	if f.stateDir != "" {
		return f.stateDir
	}
	return filepath.FromSlash(c.Path(keypolicy.StateFolder))
}

// ready plans what was asked: the paths, a plan's, a broken run's, or a run's way back.
func (a *app) ready(ctx context.Context, f *applying, args []string, cloud *push.Cloud, dir *push.StateDir) (*ready, error) {
	p := a.planner(cloud, &f.planning)
	p.SpecDigest, p.Compile = specDigest, a.compiledNow
	if f.resume {
		run, err := p.Resume(ctx, dir)
		if err != nil {
			return nil, err
		}
		if f.maxFailures == 0 {
			f.maxFailures = run.Flags.MaxFailures
		}
		return &ready{items: run.Items, journal: run.Journal}, nil
	}
	unfinished, err := dir.Unfinished()
	if err != nil {
		return nil, err
	}
	if unfinished != "" {
		again := "keypolicy apply --resume"
		if f.stateDir != "" {
			again += " --state-dir " + f.stateDir
		}
		return nil, fmt.Errorf("an earlier run was broken off: take it up with `%s`, or move its folder away, with the backups in it: %s", again, filepath.ToSlash(unfinished))
	}
	if f.rollback != "" {
		items, err := p.Rollback(ctx, f.rollback)
		return &ready{items: items}, err
	}
	plan, err := readPlan(args, a.cloud.Now())
	if err != nil {
		return nil, err
	}
	if plan != nil {
		if args, err = a.follow(plan, &f.planning); err != nil {
			return nil, err
		}
	}
	asked, err := a.pushed(ctx, args)
	if err != nil {
		return nil, err
	}
	items := a.planned(ctx, cloud, &f.planning, asked)
	if plan != nil {
		items = plan.Hold(items)
	}
	return &ready{items: items, faulty: asked.faulty}, nil
}

// readPlan reads the plan that is named; nil where the paths are specs.
func readPlan(args []string, now time.Time) (*push.PlanFile, error) {
	for _, name := range args {
		if info, err := os.Stat(name); name == keypolicy.Stdin || err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, keypolicy.ReadError(name, err)
		}
		if !push.IsPlan(text) {
			continue
		}
		if len(args) > 1 {
			return nil, fmt.Errorf("%s is a plan: name it alone", name)
		}
		plan, err := push.ParsePlan(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if since := plan.Expired(now); since != "" {
			return nil, fmt.Errorf("%s: the plan has expired at %s: make it again with `keypolicy plan -o`", name, since)
		}
		return plan, nil
	}
	return nil, nil
}

// follow takes over the flags and the files of a plan.
func (a *app) follow(plan *push.PlanFile, f *planning) ([]string, error) {
	if given := a.chosen(f); given != (push.Flags{}) && given != plan.Flags {
		return nil, errors.New("the plan was made with other flags: leave out --account, --partition, --region, --key and those that begin with --allow, which it remembers")
	}
	k := &a.flags.key
	k.Account, k.Partition, k.Region, k.Key = plan.Flags.Account, plan.Flags.Partition, plan.Flags.Region, plan.Flags.Key
	f.allowLosing, f.allowUnknown = plan.Flags.AllowLosingOwnAccess, plan.Flags.AllowUnknown
	var files []string
	for _, key := range plan.Keys {
		if !slices.Contains(files, key.File) {
			files = append(files, key.File)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("the plan has no keys")
	}
	here := slices.DeleteFunc(slices.Clone(files), notThere) // the others are reported as refused
	if len(here) == 0 {
		return nil, fmt.Errorf("none of the plan's %s is here, such as %s: run it in the folder that the plan was made in", count(len(files), "spec", "specs"), files[0])
	}
	return here, nil
}

// carryOut asks and puts.
func (a *app) carryOut(ctx context.Context, f *applying, r *ready, c *keypolicy.Configuration, cloud *push.Cloud, dir *push.StateDir) error {
	changes := countStates(r.items)[push.Change]
	if changes > 0 && !f.yes {
		r.asked = true
		if err := a.ask(ctx, r.items); err != nil {
			return err
		}
	}
	again := r.journal != nil
	if r.journal == nil {
		flags := a.chosen(&f.planning)
		flags.MaxFailures = f.maxFailures
		journal, err := dir.Begin(r.items, flags, inputs(c), cloud)
		if err != nil {
			return fmt.Errorf("nothing was put, as there is no journal: %w", err)
		}
		r.journal = journal
	}
	bar := a.bar(changes, "putting policies")
	defer bar.close()
	signal.Ignore(syscall.SIGPIPE) // a reader that is gone, as after a hang-up, breaks no run off
	defer signal.Reset(syscall.SIGPIPE)
	applier := &push.Applier{Cloud: cloud, Journal: r.journal, Done: bar.step, Again: again, Waits: a.waits, MaxFailures: f.maxFailures}
	if err := applier.Apply(ctx, r.items); err != nil {
		a.say("%s: the journal could not be written to its end: %v", r.journal.Path(), err)
	}
	return nil
}

// waits says that a run waits for something.
func (a *app) waits(text string) {
	if !a.flags.quiet {
		a.say("%s", text)
	}
}

// ask shows what is to be put and waits for a yes.
func (a *app) ask(ctx context.Context, items []*push.Item) error {
	keys := reported(items)
	if err := report.WriteKeys(a.stdio.Err, keys, report.KeysOptions{Format: "text", Colors: a.flags.colored(a.stdio.Err), All: a.flags.verbose}); err != nil {
		return err
	}
	if !a.asks && !asksOn(a.stdio.In) {
		return errors.New("there is no terminal to ask on, so nothing was put: give --yes")
	}
	_, _ = fmt.Fprintf(a.stdio.Err, "\n%s Only `yes` goes on: ", report.Inert(report.Escape(question(items))))
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(a.stdio.In).ReadString('\n')
		answer <- line
	}()
	select {
	case <-ctx.Done():
		_, _ = fmt.Fprintln(a.stdio.Err)
		return errors.New("interrupted: nothing was put")
	case line := <-answer:
		switch {
		case line == "":
			_, _ = fmt.Fprintln(a.stdio.Err)
			return errors.New("there was no answer, so nothing was put: answer `yes`, or give --yes")
		case strings.TrimSpace(line) != "yes":
			return errors.New("the answer was not `yes`, so nothing was put")
		}
		return nil
	}
}

// asksOn says whether somebody can answer there: nobody waits for the answer of a pipe.
func asksOn(in io.Reader) bool {
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// applyOutcome is the error for what became of the keys.
func applyOutcome(items []*push.Item, faulty bool) error {
	count := countStates(items)
	return outcome(faulty || count[push.Failed]+count[push.Unverified]+count[push.Change] > 0, count[push.Blocked]+count[push.Refused] > 0)
}
