package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/gitfs"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// knownFindings is the flags that say which findings are not new.
type knownFindings struct {
	baseline, from string
	none           bool
	file           string // the baseline that is used
	own            bool   // it is the one that the configuration names
}

func (k *knownFindings) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&k.baseline, "baseline", "", "report only findings that are not in this `FILE`, which keypolicy baseline writes; by default the configuration's baseline")
	f.BoolVar(&k.none, "no-baseline", false, "also report findings that are in the configuration's baseline")
	f.StringVar(&k.from, "new-from", "", "report only findings that the files did not have at this git revision")
}

func (k *knownFindings) check(cmd *cobra.Command) error {
	baseline, from := cmd.Flags().Changed("baseline"), cmd.Flags().Changed("new-from")
	switch {
	case baseline && from || baseline && k.none:
		return errors.New("--baseline, --no-baseline and --new-from exclude each other")
	case baseline && k.baseline == "":
		return errors.New("--baseline names no file: write one with `keypolicy baseline -o FILE`")
	case from && k.from == "":
		return errors.New("--new-from names no revision: write for example --new-from origin/main")
	}
	return nil
}

// known is the baseline of a run; nil where nothing is known before.
func (a *app) known(ctx context.Context, k *knownFindings, l *keypolicy.Linter, args []string) (*keypolicy.Baseline, error) {
	switch {
	case k.from != "":
		return a.knownAt(ctx, k.from, disk.Slashed(args))
	case k.baseline != "":
		k.file = k.baseline
	case k.none || l.Configuration.Baseline == "":
		return nil, nil
	default:
		k.file, k.own = l.Configuration.Path(l.Configuration.Baseline), true
	}
	return a.readBaseline(k.file)
}

// knownAt is what there was to be found at a git revision, with the configuration, the templates and the rules of then.
func (a *app) knownAt(ctx context.Context, revision string, args []string) (*keypolicy.Baseline, error) {
	base, err := gitfs.Open(ctx, revision)
	if err != nil {
		return nil, err
	}
	defer func() { _ = base.Close() }()
	old, err := a.revision(base, revision)
	if err != nil {
		return nil, err
	}
	inputs, none, err := old.Inputs(args)
	if err != nil || none {
		return &keypolicy.Baseline{}, err
	}
	run, err := old.Linter.Run(ctx, inputs, keypolicy.RunOptions{SpecsOnly: true, Whole: len(args) == 0 && old.Linter.Configuration.IsHere()})
	if err != nil {
		return nil, err
	}
	if run.Failed {
		return nil, fmt.Errorf("at %s: %w", revision, errors.Join(run.Faults()...))
	}
	known, _ := keypolicy.NewBaseline(run.Findings)
	return known, nil
}

// sayUnused says that a baseline has entries which no finding is any more, or names rules by former names.
func (a *app) sayUnused(k *knownFindings, run *keypolicy.Run) {
	if k.file != "" && len(run.Renamed) > 0 && !a.flags.quiet {
		names := make([]string, 0, len(run.Renamed))
		for _, old := range slices.Sorted(maps.Keys(run.Renamed)) {
			names = append(names, fmt.Sprintf("`%s` is now `%s`", report.Escape(old), run.Renamed[old]))
		}
		a.say("%s has former names of rules, which still work: %s. `keypolicy baseline --prune -o %s` writes the new ones", k.file, strings.Join(names, ", "), k.file)
	}
	if n := len(run.Unused); k.file != "" && n > 0 && !a.flags.quiet {
		a.say("%s: %s any more: `keypolicy baseline --prune -o %s` removes them", k.file, count(n, "entry is not a finding", "entries are not findings"), k.file)
	}
}
