package push

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// isRuns reports whether a key's live policy is the one that the run applied.
func (p *previousRun) isRuns(i int, it *Item) bool {
	ran := Item{Target: Target{Policy: []byte(p.plan.Keys[i].Policy)}, env: it.env}
	saw, _ := ran.identify(it.Live)
	return saw == foundOurs
}

// Rollback plans to restore what a run's keys had before it, where the run has applied a policy or may have. A key whose policy is not the run's own any more is refused.
func (p *Planner) Rollback(ctx context.Context, journal string) ([]*Item, error) {
	folder := journal
	if info, err := os.Stat(journal); err == nil && !info.IsDir() {
		folder = filepath.Dir(journal)
	}
	run, err := readPreviousRun(folder)
	if err != nil {
		return nil, err
	}
	var targets []Target
	var at []int
	for i := range run.plan.Keys {
		r, ok := run.put[i]
		if state, ended := run.state[i]; !ok || ended && state.State != Updated && state.State != Unverified {
			continue // the run has applied nothing, or another writer's policy is live
		}
		path := filepath.Join(folder, filepath.Base(r.Backup))
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: the policy from before the run cannot be read: %w", path, bare(err))
		}
		if Digest(text) != r.From {
			return nil, fmt.Errorf("%s: it is not the policy that was saved, so nothing is restored", path)
		}
		t := run.target(i, text)
		t.Digest = "" // it is not of the spec
		targets = append(targets, t)
		at = append(at, i)
	}
	items := p.Plan(ctx, targets)
	for n, it := range items {
		if it.State == Change && !run.isRuns(at[n], it) {
			it.end(Refused, "drift: the live policy is not the one that the run applied, so it is not overwritten")
		}
	}
	return items, nil
}
