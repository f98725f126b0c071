package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/desired"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

var errNoPolicies = errors.New("there is no policy to write: templates and configurations do not belong to a key, and Terraform writes the policies of its keys")

// asked is what the paths of a plan ask to be put.
type asked struct {
	targets []push.Target // each with its findings
	linter  *keypolicy.Linter
	faulty  bool // something could not be read
}

// pushed lints the paths and gives what they ask to be put.
func (a *app) pushed(ctx context.Context, args []string) (*asked, error) {
	quiet := &reportFlags{format: "json", from: diag.Warning, fail: diag.Error}
	l, err := a.prepare(ctx, quiet, a.stdio.Err)
	if err != nil {
		return nil, err
	}
	if l.CompilerOptions("").Configuration.Region == "" {
		region, err := a.regionOfSDK(ctx, l.Configuration)
		if err != nil {
			return nil, err
		}
		l = l.WithRegion(region)
	}
	inputs, faulty, err := a.collectInputs(l, args, false)
	if err != nil {
		return nil, err
	}
	each := make([][]push.Target, len(inputs))
	run, err := a.check(ctx, l, inputs, keypolicy.RunOptions{
		Unwritten: true,
		Visit: func(i int, in compiler.Input, unit *compiler.Unit, found diag.List) {
			each[i] = desired.Targets(in, unit, found, l.CompilerOptions(in.Name))
		},
	})
	if err != nil {
		return nil, err
	}
	list := slices.Concat(each...)
	for i := range list {
		list[i].Findings = desired.FindingsOf(run.Findings, list[i])
	}
	if len(list) == 0 && !run.Failed && !faulty {
		return nil, errNoPolicies
	}
	return &asked{list, l, faulty || run.Failed}, nil
}

// regionOfSDK is the Region of AWS's own configuration, which is the last to count; "" where it has none.
func (a *app) regionOfSDK(ctx context.Context, c *keypolicy.Configuration) (string, error) {
	cloud, err := a.open(ctx, c)
	if err != nil {
		return "", err
	}
	region, err := cloud.Region("")
	if err != nil {
		return "", nil //nolint:nilerr // a key that needs one reports the error
	}
	return region, nil
}
