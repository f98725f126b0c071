package cli

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// applyFlags is the flags of apply.
type applyFlags struct {
	planFlags
	yes, resume        bool
	maxFailures        int
	stateDir, rollback string
}

func (a *app) apply() *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [PATH…|PLAN]",
		Short: "Write the policies of specs to their keys",
		Long:  "Write the policies of specs to their keys: plan, ask, and write each policy that differs. A policy is written only if the live\npolicy is still the one that the plan was made from. The live policy is saved first, and the new one is read back until KMS returns it.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runApply(cmd.Context(), &f, args)
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	cmd.Flags().StringVar(&f.stateDir, "state-dir", "", "the folder of journals and backups; else .keypolicy beside the configuration")
	cmd.Flags().IntVar(&f.maxFailures, "max-failures", 0, "start no further keys after this many have failed; 0 means no limit")
	cmd.Flags().BoolVar(&f.resume, "resume", false, "continue the run that was interrupted")
	cmd.Flags().StringVar(&f.rollback, "rollback", "", "restore the policies from before a run, by its journal")
	return cmd
}

func (f *applyFlags) check(args []string) error {
	switch {
	case f.maxFailures < 0:
		return fmt.Errorf("--max-failures is %d: write 0 or more", f.maxFailures)
	case f.resume && f.rollback != "":
		return errors.New("--resume and --rollback exclude each other: give one")
	case (f.resume || f.rollback != "") && len(args) > 0:
		return errors.New("--resume and --rollback take their keys from the journal: name no path")
	case slices.Contains(args, keypolicy.Stdin) && !f.yes:
		return errors.New("stdin cannot hold a spec and the answer to the question: give --yes, or write the spec into a file")
	}
	return f.planFlags.check()
}

// ready is a run that has been planned and may be begun.
type ready struct {
	items   []*push.Item
	journal *push.Journal // of the run that is taken up; nil is a new one
	faulty  bool
	asked   bool // the plan has been shown with the question
}

func (a *app) runApply(ctx context.Context, f *applyFlags, args []string) error {
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
func (f *applyFlags) folder(c *keypolicy.Configuration) string {
	if f.stateDir != "" {
		return f.stateDir
	}
	return filepath.FromSlash(c.Path(keypolicy.StateFolder))
}

// ready plans what was asked: the paths, a plan's, a broken run's, or a run's way back.
func (a *app) ready(ctx context.Context, f *applyFlags, args []string, cloud *push.Cloud, dir *push.StateDir) (*ready, error) {
	p := a.planner(cloud, &f.planFlags)
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
		return nil, fmt.Errorf("an earlier run was interrupted: continue it with `%s`, or move its folder away, with the backups in it: %s", again, filepath.ToSlash(unfinished))
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
		if args, err = a.follow(plan, &f.planFlags); err != nil {
			return nil, err
		}
	}
	asked, err := a.pushed(ctx, args)
	if err != nil {
		return nil, err
	}
	items := a.planned(ctx, cloud, &f.planFlags, asked)
	if plan != nil {
		items = plan.Hold(items)
	}
	return &ready{items: items, faulty: asked.faulty}, nil
}

// carryOut asks and puts.
func (a *app) carryOut(ctx context.Context, f *applyFlags, r *ready, c *keypolicy.Configuration, cloud *push.Cloud, dir *push.StateDir) error {
	changes := countStates(r.items)[push.Change]
	if changes > 0 && !f.yes {
		r.asked = true
		if err := a.ask(ctx, r.items); err != nil {
			return err
		}
	}
	again := r.journal != nil
	if r.journal == nil {
		flags := a.chosen(&f.planFlags)
		flags.MaxFailures = f.maxFailures
		journal, err := dir.Begin(r.items, flags, inputs(c), cloud)
		if err != nil {
			return fmt.Errorf("nothing was changed, as there is no journal: %w", err)
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
