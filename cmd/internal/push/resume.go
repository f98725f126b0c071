package push

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// previousRun is an earlier run, as its folder tells it.
type previousRun struct {
	folder string
	plan   *PlanFile
	*history
}

func readPreviousRun(folder string) (*previousRun, error) {
	text, err := os.ReadFile(filepath.Join(folder, planName))
	if err != nil {
		return nil, fmt.Errorf("%s: what the run was asked to do cannot be read: %w", folder, bare(err))
	}
	plan, err := ParsePlan(text)
	var other *versionError
	if errors.As(err, &other) {
		return nil, fmt.Errorf("%s: the run is of a keypolicy that writes plans of version %d, and this one writes version %d: take it up with that one, or move the folder away, with the backups in it",
			folder, other.version, PlanVersion)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(folder, planName), err)
	}
	h, err := readHistory(filepath.Join(folder, journalFile))
	if err != nil {
		return nil, err
	}
	return &previousRun{folder: folder, plan: plan, history: h}, nil
}

// target is one key of the run, with a policy to be put on it.
func (p *previousRun) target(i int, text []byte) Target {
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
	Journal *Journal // nil where nothing of the run is left to be done
	Flags   Flags    // that the run was begun with
}

// ErrNothingToResume says that the last run brought every key to where it should be.
var ErrNothingToResume = errors.New("no run was left unfinished")

// Resume takes up the latest run that left a key without a state, unverified or failed. Each such key is read: the run's own
// policy was put, the one planned from is to be put over, and any other is another writer's. Where no run left one, the
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
			it.end(Refused, "a later run has put a policy on the key, so this one is not put any more: plan again")
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

// settled gives what the run says last of a key: its journal, else its plan.
func (p *previousRun) settled(i int) (State, string) {
	if r, known := p.state[i]; known {
		return r.State, r.Reason
	}
	return p.plan.Keys[i].State, p.plan.Keys[i].Reason
}

// item is a key of the run as the run left it.
func (p *previousRun) item(i int) *Item {
	pin := &p.plan.Keys[i]
	it := &Item{Target: p.target(i, []byte(pin.Policy)), ARN: pin.Key, Account: pin.Account, Region: pin.Region}
	it.end(p.settled(i))
	return it
}

// open says that a key is to be looked at again: it has no state, or one that another try can change.
func (p *previousRun) open(i int) bool {
	state, _ := p.settled(i)
	return state == Change || state == Unverified || state == Failed
}

// anyOpen says whether a key is open that no later run has brought to where it should be. What may have been put is looked
// at in any case.
func (p *previousRun) anyOpen(done map[string]bool) bool {
	for i := range p.plan.Keys {
		if state, _ := p.settled(i); p.open(i) && (state != Failed || !done[p.plan.Keys[i].Key]) {
			return true
		}
	}
	return false
}

// lateness is how long a put without an answer may still arrive: AWS takes a request until five minutes after it was signed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
const lateness = 5 * time.Minute

// resume judges a key by what is live now and by what the run's folder says of it.
func (p *Planner) resume(run *previousRun, i int, it *Item, in *inputs) {
	intent, wasPut := run.put[i]
	answer, taken := run.taken[i]
	if r, known := run.state[i]; known && r.State == Failed && !taken { // nothing was put
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
		it.end(Refused, fmt.Sprintf("drift: the live policy is neither the one that was planned from nor the run's own; the one before the run is saved in %s",
			filepath.Join(run.folder, intent.Backup)))
	case it.State == Change && moved:
		it.end(Refused, "drift: the live policy is not the one that was planned from, and nothing was put: plan again")
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

// wasPut says of a policy that is live when it was put.
func (p *previousRun) wasPut(i int) string {
	if _, known := p.state[i]; known {
		return "it was put earlier in the run, and is seen now"
	}
	return "it was put before the run was broken off"
}

// cameOf is what KMS is known to have answered to the run's put of a key.
func (p *previousRun) cameOf(i int) string {
	if _, taken := p.taken[i]; taken {
		return tookEarlier
	}
	return "whether it was put is not known"
}

// broken says why it is not known whether a put was carried out.
func (p *previousRun) broken(i int) string {
	if _, known := p.state[i]; known {
		return "a put of the run had no answer"
	}
	return "the run was broken off during a put"
}

// moved says whether a key's live policy is another than the one that the run was planned from.
func (p *previousRun) moved(i int, it *Item) bool {
	from := p.plan.Keys[i].Live
	if intent, ok := p.put[i]; ok { // what it was put over, also where the plan had not read it
		if text, err := os.ReadFile(filepath.Join(p.folder, filepath.Base(intent.Backup))); err == nil && Digest(text) == intent.From {
			from = string(text)
		}
	}
	if from == "" { // it was never read, so it is planned now
		return false
	}
	return !equal(it.Live, from, it.env.Partition)
}
