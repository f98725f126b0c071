package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/compare"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
)

// diffPlan compares the policies of a Terraform plan's keys before and after it.
func (a *app) diffPlan(_ context.Context, l *keypolicy.Linter, f *diffFlags) error {
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
		one, same := compare.Planned(l, in.Name, d)
		one.Planned = true
		if same {
			continue
		}
		objects = a.objects(l, f, one) || objects
		if d.Carried.Sensitive && !one.Result.Equivalent {
			one.Result = compare.Concealed(one.Result)
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
