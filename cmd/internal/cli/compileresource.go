package cli

import (
	"context"
	"errors"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// compileResource prints the policy of one key of a Terraform module or plan. One that has an error is not printed.
func (a *app) compileResource(ctx context.Context, f *compileFlags, args []string) error {
	switch {
	case len(args) != 1:
		return errors.New("--resource is of one folder or file: name it")
	case f.dir != "" || f.check || f.prune || f.to != "policy":
		return errors.New("--resource prints one policy: leave out -o, --check, --prune and --to input")
	}
	l, err := a.prepare(ctx, &f.reportFlags, a.stdio.Err)
	if err != nil {
		return err
	}
	p, err := a.one(l, args[0], documentFlags{document: keypolicy.AnyDocument, resource: f.resource}, false)
	if err != nil {
		return err
	}
	inputs, faulty, err := a.collectInputs(l, args, false)
	if err != nil {
		return err
	}
	run, err := a.check(ctx, l, inputs, keypolicy.RunOptions{})
	if err != nil {
		return err
	}
	bad := false
	kept := run.Findings[:0]
	for _, d := range run.Findings {
		if d.Resource == f.resource || d.Resource == "" {
			kept = append(kept, d)
			bad = bad || d.Resource == f.resource && d.Severity == diag.Error
		}
	}
	run.Findings = kept
	if a.noFindings {
		a.sayFailing(run.Findings, f.fail)
	} else if err := a.report(run, &f.reportFlags, a.stdio.Err); err != nil {
		return err
	}
	if bad {
		return outcome(run.Failed || faulty, true)
	}
	shown := &policy.Document{Root: withOpen(p.Document.Root)}
	if _, err := a.stdio.Out.Write(shown.JSON(f.compact)); err != nil {
		return err
	}
	return outcome(run.Failed || faulty, false)
}

// withOpen writes what lists and objects may have beside what is known as members of theirs: as the reference.
func withOpen(n *source.Node) *source.Node {
	out := *n
	out.Items, out.Members = nil, nil
	for _, item := range n.Items {
		out.Items = append(out.Items, withOpen(item))
	}
	for _, m := range n.Members {
		m.Value = withOpen(m.Value)
		out.Members = append(out.Members, m)
	}
	if n.Open == nil {
		return &out
	}
	more := source.NewHole(n.Open)
	if n.Kind == source.Mapping {
		out.Members = append(out.Members, source.Member{Key: source.NewScalar(n.Open.String(), n.Place), Value: more})
	} else {
		out.Items = append(out.Items, more)
	}
	return &out
}
