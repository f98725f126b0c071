package push

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// Resumption is a run that is taken up again.
type Resumption struct {
	Items   []*Item
	Journal *Journal // nil where nothing of the run is left to be done
	Flags   Flags    // that the run was begun with
}

// ErrNothingToResume says that the last run brought every key to where it should be.
var ErrNothingToResume = errors.New("no run was left unfinished")

// Resume takes up the latest run that left a key without a state, unverified or failed. Each such key is read: the run's own
// policy was applied, the one planned from is to be overwritten, and any other is another writer's. Where no run left one, the
// states of the last run are given as they are, unless every key is done.
func (p *Planner) Resume(ctx context.Context, s *StateDir) (*Resumption, error) {
	run, err := s.resumable()
	if err != nil {
		return nil, err
	}
	if run == nil {
		return s.last()
	}
	p.AllowLosingOwnAccess = p.AllowLosingOwnAccess || run.plan.Flags.AllowLosingOwnAccess
	p.AllowUnknownDifference = p.AllowUnknownDifference || run.plan.Flags.AllowUnknown
	items := make([]*Item, len(run.plan.Keys))
	var targets []Target
	var at []int
	for i := range run.plan.Keys {
		if !run.open(i) {
			items[i] = run.item(i)
			continue
		}
		targets = append(targets, run.target(i, []byte(run.plan.Keys[i].Policy)))
		at = append(at, i)
	}
	later, err := s.putAfter(run.folder)
	if err != nil {
		return nil, err
	}
	looked := p.Plan(ctx, targets)
	in := p.inputsNow(ctx, run, looked, at)
	for n, it := range looked {
		items[at[n]] = it
		p.resume(run, at[n], it, in)
		if it.State == Change && later[run.plan.Keys[at[n]].Key] {
			it.end(Refused, "a later run has applied a policy to the key, so this one is no longer applied: plan again")
		}
	}
	j := &Journal{Folder: run.folder, clock: p.Cloud.options.Clock}
	j.attach(items)
	if err := j.open(); err != nil {
		return nil, err
	}
	audit := p.Cloud.Audit(looked)
	if err := j.write(record{Event: eventResume, Audit: &audit}); err != nil {
		return nil, fmt.Errorf("%s: the journal cannot be written: %w", run.folder, err)
	}
	for _, it := range looked {
		if it.State == Change {
			continue
		}
		if err := j.record(it); err != nil {
			return nil, fmt.Errorf("%s: the journal cannot be written: %w", run.folder, err)
		}
	}
	return &Resumption{Items: items, Journal: j, Flags: run.plan.Flags}, nil
}

// resumable is the latest run with something to take up; nil where there is none.
func (s *StateDir) resumable() (*previousRun, error) {
	list, err := s.runs()
	if err != nil {
		return nil, err
	}
	done := map[string]bool{} // keys that a later run has brought to where they should be
	for _, folder := range slices.Backward(list) {
		run, err := readPreviousRun(folder)
		if err != nil {
			return nil, err
		}
		if !run.ended || run.anyOpen(done) {
			return run, nil
		}
		for i := range run.plan.Keys {
			state, _ := run.settled(i)
			done[run.plan.Keys[i].Key] = done[run.plan.Keys[i].Key] || state == Updated || state == Unchanged
		}
	}
	return nil, nil
}

// last gives the states of the last run where not every key is done.
func (s *StateDir) last() (*Resumption, error) {
	list, err := s.runs()
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNothingToResume
	}
	run, err := readPreviousRun(list[len(list)-1])
	if err != nil {
		return nil, err
	}
	r := &Resumption{}
	done := true
	for i := range run.plan.Keys {
		it := run.item(i)
		done = done && (it.State == Updated || it.State == Unchanged)
		r.Items = append(r.Items, it)
	}
	if done {
		return nil, ErrNothingToResume
	}
	return r, nil
}

// resume judges a key by what is live now and by what the run's folder says of it.
func (p *Planner) resume(run *previousRun, i int, it *Item, in *inputs) {
	intent, wasPut := run.put[i]
	answer, taken := run.taken[i]
	if r, known := run.state[i]; known && r.State == Failed && !taken { // nothing was changed
		wasPut = false
	}
	it.taken = taken
	read := it.LiveDigest != ""
	moved := read && run.moved(i, it)
	switch {
	case it.State == Unchanged && wasPut:
		it.end(Updated, run.wasPut(i))
		return
	case it.State == Failed && wasPut:
		it.end(Unverified, it.Reason+"; "+run.cameOf(i))
		return
	case it.State == Change && moved && wasPut:
		it.end(Refused, "drift: the live policy is neither the one that was planned from nor the run's own; the one before the run is saved in "+filepath.Join(run.folder, intent.Backup))
	case it.State == Change && moved:
		it.end(Refused, "drift: the live policy is not the one that was planned from, and nothing was changed: plan again")
	case it.State == Change:
		if why := in.changedFor(&run.plan.Keys[i], it); why != "" {
			it.end(Refused, why)
		}
	}
	if !wasPut || it.State != Refused && it.State != Blocked {
		return
	}
	began, err := time.Parse(time.RFC3339Nano, intent.Time)
	mayArrive := (!taken || answer.Lost) && (err != nil || p.Cloud.options.Clock.Now().Sub(began) < lateness)
	switch {
	case mayArrive:
		it.end(Unverified, it.Reason+"; "+run.broken(i)+", which may still reach KMS within five minutes: `keypolicy apply --resume` looks again")
	case taken && !moved: // what was taken is not given up, whatever speaks against another put
		it.end(Unverified, it.Reason+"; "+tookEarlier)
	case !read:
		it.end(Unverified, it.Reason+"; "+run.cameOf(i))
	}
}
