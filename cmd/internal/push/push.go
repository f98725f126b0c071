// Package push takes compiled policies to KMS: it plans against the live policies and applies the difference. It
// is the only package that imports AWS's SDK, and its client (KMS) is all that others need of it.
//
// KMS has no conditional write, so no put here is ever blind: each follows a read that shows the very policy that was
// planned from, which is saved before, and each is read back until it is seen.
package push

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// State is what became of one key. Every key ends in one.
type State string

// The states. Change is only a plan's; Updated, Refused and Unverified are apply's.
const (
	Unchanged  State = "unchanged"
	Change     State = "change"
	Updated    State = "updated"
	Refused    State = "refused"    // the live policy is not the one planned from, or the plan is not of these specs
	Blocked    State = "blocked"    // an error finding, or a lockout
	Failed     State = "failed"     // it could not be read or put, and nothing was changed
	Unverified State = "unverified" // it was applied, or may have been, and was not seen
)

// Target is a policy that is to be applied to a key.
type Target struct {
	File     string
	Document int
	Place    diag.Place // of the spec
	Key      spec.Key   // as the spec, the flags and the configuration give it
	Form     spec.Form
	Policy   []byte    // the exact bytes to put; nil where the spec does not compile
	Digest   string    // of the spec's file
	Findings diag.List // of lint

	// Claims are the keys that a spec which cannot be read may be for: other specs for them are not applied.
	Claims []spec.Key
}

// Item is one key of a run, and what became of it.
type Item struct {
	Target
	ARN     string // the key's ARN; "" until KMS has returned it
	Account string
	Region  string
	Caller  string // the ARN of who asks and puts; "" where it is not known

	Live       string // the live policy that was planned from, byte for byte
	LiveDigest string // "" where it was not read

	State  State
	Reason string
	Diff   *access.Difference // nil where nothing could be compared

	taken bool // KMS has taken the policy earlier in the run, and it was not seen

	callerKeepsAll bool // the policy leaves the caller all that IAM policies give

	related []string // the other keys of a multi-Region key, by their ARNs

	env access.Env // what is known of the live key
}

// Name is how messages and reports name the item's key: its ARN, also where that follows from the id, the account and the
// Region without a call, else what the spec calls it.
func (it *Item) Name() string {
	if it.ARN != "" {
		return it.ARN
	}
	if !keyID.MatchString(it.Key.ID) {
		return it.Key.ID
	}
	key := it.Key
	key.Region = cmp.Or(it.Region, key.Region)
	if arn, known := strings.CutPrefix(Identity(key), "key "); known {
		return arn
	}
	return it.Key.ID
}

// scopeOf is the account and the Region whose request rates the item's key shares.
func scopeOf(it *Item) Scope { return Scope{Account: it.Account, Region: it.Region} }

// end puts the item into a state.
func (it *Item) end(s State, reason string) { it.State, it.Reason = s, reason }

// notPut ends an item of which no put is made now. What KMS has taken earlier in the run may show at any time.
func (it *Item) notPut(why string) {
	if it.taken {
		it.end(Unverified, why+"; "+tookEarlier)
		return
	}
	it.end(Failed, why+"; nothing was changed")
}

const tookEarlier = "KMS took the policy earlier in the run, and it is not seen: `keypolicy apply --resume` looks again"

// Digest is the SHA-256 of a text: equal digests are equal bytes.
func Digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
