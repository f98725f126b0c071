package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// diffPlan compares the policies of a Terraform plan's keys before and after it.
func (a *app) diffPlan(_ context.Context, l *keypolicy.Linter, f *differing) error {
	in := keypolicy.Input{Name: filepath.ToSlash(f.plan)}
	if f.plan == keypolicy.Stdin {
		text, err := a.readStdin()
		if err != nil {
			return err
		}
		in.Text = text
	}
	unit, err := l.Unit(in)
	if err != nil {
		return err
	}
	if err := a.broken(unit.Err(&compiler.Document{})); err != nil {
		return err
	}
	if len(unit.Documents) == 0 || unit.Documents[0].Kind != compiler.KindPlan || unit.IsState() {
		return fmt.Errorf("%s is not a Terraform plan: write one with `terraform show -json PLAN`", f.plan)
	}
	result := report.Differences{Base: "before the plan"}
	failed, objects, found := false, false, false
	for _, d := range unit.Documents {
		if d.Resource == "" || f.resource != "" && d.Resource != f.resource {
			continue
		}
		found = true
		switch err := a.broken(unit.Err(d)); {
		case errors.Is(err, errReported):
			failed = true
			continue
		case err != nil:
			return err
		}
		result.Compared++
		one, same := comparePlanned(l, in.Name, d)
		one.Planned = true
		if same {
			continue
		}
		objects = a.objects(l, f, one) || objects
		if d.Carried.Sensitive && !one.Result.Equivalent {
			one.Result = concealed(one.Result)
		}
		result.List = append(result.List, one)
	}
	if f.resource != "" && !found {
		return fmt.Errorf("%s has no key %s", f.plan, f.resource)
	}
	if failed && len(result.List) == 0 && f.format != "json" {
		return errReported
	}
	if err := report.WriteDifferences(a.stdio.Out, f.format, result, a.flags.colored(a.stdio.Out)); err != nil {
		return err
	}
	return outcome(failed, objects)
}

// concealed is a difference of policies that the plan marks as sensitive, without what is in them.
func concealed(d *access.Difference) *access.Difference {
	return &access.Difference{Unknown: []access.Reason{{Kind: access.ReasonNotYetKnown, Text: fmt.Sprintf(
		"The policy is marked as sensitive: what differs is not shown (added: %d, removed: %d, not known: %d).", len(d.Added), len(d.Removed), len(d.Unknown))}}}
}

// plannedStates are the states of keys by what the plan does.
var plannedStates = map[carrier.Action]string{
	carrier.Create: "new", carrier.Replace: "replaced", carrier.Update: "changed", carrier.Delete: "deleted",
}

// comparePlanned compares a key's policy before and after a plan; same where the plan does not touch it. A new key is compared
// with the policy that KMS gives it: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func comparePlanned(l *keypolicy.Linter, file string, d *compiler.Document) (out report.Difference, same bool) {
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
		out = report.Difference{New: shownPolicy(file, now), Result: &access.Difference{
			Unknown: []access.Reason{{Kind: access.ReasonNotYetKnown, Text: "what it allowed before the plan, where the policy cannot be read"}},
			May:     access.May{Add: true, Remove: true, Future: true},
		}}
		out.Old = out.New
	} else {
		if action == carrier.Update && bytes.Equal(was.Document.JSON(true), now.Document.JSON(true)) {
			return out, true
		}
		out = compareWith(l, l, file, file, was, now)
	}
	out.State, out.Resource = plannedStates[action], d.Resource
	return out, false
}
