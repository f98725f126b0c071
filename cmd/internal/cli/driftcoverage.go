package cli

import (
	"context"

	"github.com/keypolicy/keypolicy/cmd/internal/desired"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// cover reports which live keys have no spec among those asked for, and which specs of the same accounts and Regions no key.
func (a *app) cover(ctx context.Context, cloud *push.Cloud, f *driftFlags, asked *asked) error {
	scopes, err := a.scopes(cloud, asked.linter.Configuration)
	if err != nil {
		return err
	}
	var progress bar
	all, err := cloud.Inventory(ctx, scopes, func(total int) { progress = a.bar(total, "reading keys") }, func() { progress.step() })
	progress.close()
	if err != nil {
		return err
	}
	for _, fault := range all.Failed {
		a.say("%v", fault)
	}
	c := desired.Coverage(all, scopes, asked.targets)
	if err := report.WriteCoverage(a.stdio.Out, f.format, c); err != nil {
		return err
	}
	if f.format == "text" && !a.flags.quiet {
		a.say("%s", report.CoverageSummary(c))
	}
	return outcome(asked.faulty || len(all.Failed) > 0, len(c.KeysWithoutSpec)+len(c.SpecsWithoutKey) > 0)
}
