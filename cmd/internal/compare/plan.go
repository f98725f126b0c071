package compare

import (
	"bytes"
	"fmt"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Concealed is a difference of policies that the plan marks as sensitive, without what is in them.
func Concealed(d *access.Difference) *access.Difference {
	return &access.Difference{Unknown: []access.Reason{{Kind: access.ReasonNotYetKnown, Text: fmt.Sprintf(
		"The policy is marked as sensitive: what differs is not shown (added: %d, removed: %d, not known: %d).", len(d.Added), len(d.Removed), len(d.Unknown))}}}
}

// plannedStates are the states of keys by what the plan does.
var plannedStates = map[carrier.Action]string{
	carrier.Create: "new", carrier.Replace: "replaced", carrier.Update: "changed", carrier.Delete: "deleted",
}

// Planned compares a key's policy before and after a plan; same where the plan does not touch it. A new key is compared
// with the policy that KMS gives it: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func Planned(l *keypolicy.Linter, file string, d *compiler.Document) (out report.Difference, same bool) {
	action := d.Carried.Change.Action
	was := d.Before
	var now *spec.Compiled
	switch {
	case action == carrier.NoChange:
		return out, true
	case action == carrier.Delete && was == nil:
		return out, true
	case action == carrier.Delete:
		now = empty(was)
	default:
		now = d.Policies[0]
	}
	if was == nil {
		out = report.Difference{New: report.NewPolicy(file, now), Result: &access.Difference{
			Unknown: []access.Reason{{Kind: access.ReasonNotYetKnown, Text: "what it allowed before the plan, where the policy cannot be read"}},
			May:     access.May{Add: true, Remove: true, Future: true},
		}}
		out.Old = out.New
	} else {
		if action == carrier.Update && bytes.Equal(was.Document.JSON(true), now.Document.JSON(true)) {
			return out, true
		}
		out = Policies(l, l, file, file, was, now)
	}
	out.State, out.Resource = plannedStates[action], d.Resource
	return out, false
}
