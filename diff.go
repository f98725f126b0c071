package keypolicy

import (
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Difference is what a new policy allows or denies that an old one did not.
type Difference struct {
	Equivalent bool     `json:"equivalent"`
	Added      []Change `json:"added"`
	Removed    []Change `json:"removed"`
	Future     []Change `json:"future"` // for actions that AWS may add
	Unknown    []Reason `json:"unknown"`
	Remarks    []string `json:"remarks,omitempty"` // what changes beside the decisions
}

// Change is access that one of two policies gives and the other does not.
type Change struct {
	Principal  string     `json:"principal"`
	Kind       string     `json:"kind"`
	Actions    []string   `json:"actions"`
	Decision   Decision   `json:"decision"`
	Was        Decision   `json:"was"`
	Conditions Conditions `json:"conditions"`
	Witness    Request    `json:"witness"`
}

// PolicyDifference is the difference of two policies, as `keypolicy diff --format json` writes it.
type PolicyDifference struct {
	Account    Account  `json:"account"`
	OldAccount *Account `json:"old_account,omitempty"` // where it is another
	Defaults   []string `json:"defaults,omitempty"`    // the variables whose defaults one of the policies rests on
	Difference
}

// Diff says what the one policy of a file allows or denies that another's did not, for all requests.
func (l *Linter) Diff(before, after Input) (*PolicyDifference, error) {
	was, err := l.Policy(before, Pick{Document: AnyDocument})
	if err != nil {
		return nil, err
	}
	now, err := l.Policy(after, Pick{Document: AnyDocument})
	if err != nil {
		return nil, err
	}
	was, now, d := Compare(l, l, before.Name, after.Name, was, now)
	return NewPolicyDifference(was, now, d), nil
}

// Compare holds one policy against another, each with what its own configuration trusts. Where the account of one is
// not known, it is the other's: the policies are given back with it.
func Compare(before, after *Linter, oldFile, newFile string, oldPolicy, newPolicy *spec.Compiled) (was, now *spec.Compiled, d *access.Difference) {
	lend := func(to, from *spec.Compiled) *spec.Compiled {
		if to.Key.Account != "" || from.Key.Account == "" {
			return to
		}
		with := *to
		with.Key.Account, with.Key.AccountFrom = from.Key.Account, from.Key.AccountFrom
		return &with
	}
	was, now = lend(oldPolicy, newPolicy), lend(newPolicy, oldPolicy)
	d = differ(was, now, before.Env(oldFile, was), after.Env(newFile, now))
	if was.Key.AccountFrom == spec.FromPolicy && now.Key.AccountFrom == spec.FromPolicy && was.Key.Account != now.Key.Account {
		d.Equivalent = false
		d.May = access.May{Add: true, Remove: true, Future: true}
		d.Unknown = append(d.Unknown, access.Reason{Kind: access.ReasonNotYetKnown, Text: fmt.Sprintf(
			"Each policy's account principal is taken for the key's account, and they differ: %s before, %s now. A key is in one account; --account says which.",
			was.Key.Account, now.Key.Account)})
	}
	return was, now, d
}

// NewPolicyDifference writes the difference of two policies.
func NewPolicyDifference(was, now *spec.Compiled, d *access.Difference) *PolicyDifference {
	out := &PolicyDifference{Account: accountOf(now), Difference: *NewDifference(d)}
	if old := accountOf(was); old.ID != out.Account.ID {
		out.OldAccount = &old
	}
	out.Defaults = slices.Concat(now.Defaults, was.Defaults)
	slices.Sort(out.Defaults)
	out.Defaults = slices.Compact(out.Defaults)
	return out
}

// NewDifference writes a difference.
func NewDifference(d *access.Difference) *Difference {
	return &Difference{
		Equivalent: d.Equivalent, Added: converted(d.Added, newChange), Removed: converted(d.Removed, newChange),
		Future: converted(d.Future, newChange), Unknown: newReasons(d.Unknown), Remarks: d.Remarks,
	}
}

func newChange(c access.Change) Change {
	return Change{c.Principal, c.Kind, c.Actions, Decision(c.Decision), Decision(c.Was), newConditions(c.Conditions), newRequest(c.Witness)}
}

// Differences are the policies that are not as they were at a git revision, as `keypolicy diff --git` writes them in JSON.
type Differences struct {
	Base       string                  `json:"base"`
	Equivalent bool                    `json:"equivalent"`
	Policies   []PolicyDifferenceSince `json:"policies"`
}

// PolicyDifferenceSince is one of them.
type PolicyDifferenceSince struct {
	File     string `json:"file"`
	OldFile  string `json:"old_file"`
	Document int    `json:"document"`
	Region   string `json:"region"`
	Resource string `json:"resource,omitempty"` // of a plan: the key's address
	State    string `json:"state"`              // changed, added, deleted or moved; of a plan new, replaced, changed or deleted
	PolicyDifference
}
