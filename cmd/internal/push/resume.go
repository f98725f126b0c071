package push

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// past is an earlier run, as its folder tells it.
type past struct {
	folder string
	plan   *PlanFile
	*history
}

func readPast(folder string) (*past, error) {
	text, err := os.ReadFile(filepath.Join(folder, planName))
	if err != nil {
		return nil, fmt.Errorf("%s: what the run was asked to do cannot be read: %w", folder, bare(err))
	}
	plan, err := ParsePlan(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(folder, planName), err)
	}
	h, err := readHistory(filepath.Join(folder, journalFile))
	if err != nil {
		return nil, err
	}
	return &past{folder: folder, plan: plan, history: h}, nil
}

// target is one key of the run, with a policy to be put on it.
func (p *past) target(i int, text []byte) Target {
	pin := &p.plan.Keys[i]
	arn, _ := policy.ParseARN(pin.Key)
	return Target{
		File: pin.File, Document: pin.Document, Digest: pin.SpecDigest, Policy: text,
		Place: diag.Place{File: pin.File, Document: pin.Document},
		Key:   policy.Key{ID: pin.Key, Account: pin.Account, AccountFrom: policy.FromKey, Region: pin.Region, Partition: arn.Partition},
	}
}

// Resumption is a run that is taken up again.
type Resumption struct {
	Items   []*Item
	Journal *Journal
}

// ErrNothingToResume says that every run was brought to its end.
var ErrNothingToResume = errors.New("no run was left unfinished")

// Resume takes up the latest run that was not brought to its end, or left a key unverified. Each key that has no state yet
// is read: the run's own policy was put, the one planned from is to be put over, and any other is another writer's.
func (p *Planner) Resume(ctx context.Context, s *StateDir) (*Resumption, error) {
	folder, err := s.latest((*history).open)
	if err != nil {
		return nil, err
	}
	if folder == "" {
		return nil, ErrNothingToResume
	}
	run, err := readPast(folder)
	if err != nil {
		return nil, err
	}
	items := make([]*Item, len(run.plan.Keys))
	var targets []Target
	var at []int
	for i := range run.plan.Keys {
		pin := &run.plan.Keys[i]
		state, reason, settled := run.settled(i)
		if settled {
			items[i] = &Item{Target: run.target(i, []byte(pin.Policy)), ARN: pin.Key, Account: pin.Account, Region: pin.Region}
			items[i].end(state, reason)
			continue
		}
		targets = append(targets, run.target(i, []byte(pin.Policy)))
		at = append(at, i)
	}
	later, err := s.putAfter(folder)
	if err != nil {
		return nil, err
	}
	looked := p.Plan(ctx, targets)
	for n, it := range looked {
		items[at[n]] = it
		run.resume(at[n], it)
		if it.State == Change && later[run.plan.Keys[at[n]].Key] {
			it.end(Refused, "a later run has put a policy on the key, so this one is not put any more: plan again")
		}
	}
	j := &Journal{Folder: folder, clock: p.Cloud.options.Clock}
	j.attach(items)
	if err := j.open(); err != nil {
		return nil, err
	}
	audit := p.Cloud.Audit(looked)
	if err := j.write(record{Event: eventResume, Audit: &audit}); err != nil {
		return nil, fmt.Errorf("%s: the journal cannot be written: %w", folder, err)
	}
	for _, it := range looked {
		if it.State == Change {
			continue
		}
		if err := j.record(it); err != nil {
			return nil, fmt.Errorf("%s: the journal cannot be written: %w", folder, err)
		}
	}
	return &Resumption{Items: items, Journal: j}, nil
}

// settled gives the state of a key that needs no look any more.
func (p *past) settled(i int) (state State, reason string, ok bool) {
	pin := &p.plan.Keys[i]
	if pin.State != Change {
		return pin.State, pin.Reason, true
	}
	r, known := p.state[i]
	if !known || r.State == Unverified {
		return "", "", false
	}
	return r.State, r.Reason, true
}

// resume judges a key by what is live now and by what the journal says of it.
func (p *past) resume(i int, it *Item) {
	intent, wasPut := p.put[i]
	moved := !equal(it.Live, p.plan.Keys[i].Live, it.env.Partition)
	switch {
	case it.State == Unchanged && wasPut:
		it.end(Updated, "it was put before the run was broken off")
	case it.State == Failed && wasPut:
		it.end(Unverified, it.Reason+"; whether it was put is not known")
	case it.State == Change && moved && wasPut:
		it.end(Refused, fmt.Sprintf("drift: the live policy is neither the one that was planned from nor the run's own; the one before the run is saved in %s",
			filepath.Join(p.folder, intent.Backup)))
	case it.State == Change && moved:
		it.end(Refused, "drift: the live policy is not the one that was planned from, and nothing was put: plan again")
	}
}

// isRuns says whether a key's live policy is the one that the run has put.
func (p *past) isRuns(i int, it *Item) bool {
	ran := Item{Target: Target{Policy: []byte(p.plan.Keys[i].Policy)}, env: it.env}
	saw, _ := ran.identify(it.Live)
	return saw == foundOurs
}

// Rollback plans to put back what a run's keys had before it. A key whose policy is not the run's own any more is refused.
func (p *Planner) Rollback(ctx context.Context, journal string) ([]*Item, error) {
	folder := journal
	if info, err := os.Stat(journal); err == nil && !info.IsDir() {
		folder = filepath.Dir(journal)
	}
	run, err := readPast(folder)
	if err != nil {
		return nil, err
	}
	var targets []Target
	var at []int
	for i := range run.plan.Keys {
		r, ok := run.put[i]
		if !ok || run.state[i].State == Unchanged { // another writer has put the same, and it is theirs
			continue
		}
		path := filepath.Join(folder, filepath.Base(r.Backup))
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: the policy from before the run cannot be read: %w", path, bare(err))
		}
		if Digest(text) != r.From {
			return nil, fmt.Errorf("%s: it is not the policy that was saved, so nothing is put back", path)
		}
		targets = append(targets, run.target(i, text))
		at = append(at, i)
	}
	items := p.Plan(ctx, targets)
	for n, it := range items {
		if it.State == Change && !run.isRuns(at[n], it) {
			it.end(Refused, "drift: the live policy is not the one that the run has put, so it is not put over")
		}
	}
	return items, nil
}
