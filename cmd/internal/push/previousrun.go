package push

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// previousRun is an earlier run, as its folder records it.
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
	if other, ok := errors.AsType[*versionError](err); ok {
		return nil, fmt.Errorf("%s: the run is of a keypolicy that writes plans of version %d, and this one writes version %d: resume it with that version, or move the folder away, with the backups in it",
			folder, other.version, planVersion)
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

// target is one key of the run, with a policy to be applied to it.
func (p *previousRun) target(i int, text []byte) Target {
	pin := &p.plan.Keys[i]
	arn, _ := policy.ParseARN(pin.Key)
	return Target{
		File: pin.File, Document: pin.Document, Digest: pin.SpecDigest, Policy: text,
		Place: diag.Place{File: pin.File, Document: pin.Document},
		Key:   spec.Key{Key: policy.Key{ID: pin.Key, Account: pin.Account, Region: pin.Region, Partition: arn.Partition}, AccountFrom: spec.FromKey},
	}
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

// anyOpen reports whether a key is open that no later run has brought to where it should be. What may have been put is looked
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

// wasPut says of a policy that is live when it was applied.
func (p *previousRun) wasPut(i int) string {
	if _, known := p.state[i]; known {
		return "it was applied earlier in the run, and is seen now"
	}
	return "it was applied before the run was interrupted"
}

// cameOf is what KMS is known to have answered to the run's put of a key.
func (p *previousRun) cameOf(i int) string {
	if _, taken := p.taken[i]; taken {
		return tookEarlier
	}
	return "whether it was applied is not known"
}

// broken says why it is not known whether a put was carried out.
func (p *previousRun) broken(i int) string {
	if _, known := p.state[i]; known {
		return "a PutKeyPolicy of the run got no answer"
	}
	return "the run was interrupted during a PutKeyPolicy"
}

// moved reports whether a key's live policy is another than the one that the run was planned from.
func (p *previousRun) moved(i int, it *Item) bool {
	from := p.plan.Keys[i].Live
	if intent, ok := p.put[i]; ok { // what it overwrote, also where the plan had not read it
		if text, err := os.ReadFile(filepath.Join(p.folder, filepath.Base(intent.Backup))); err == nil && Digest(text) == intent.From {
			from = string(text)
		}
	}
	if from == "" { // it was never read, so it is planned now
		return false
	}
	return !equal(it.Live, from, it.env.Partition)
}
