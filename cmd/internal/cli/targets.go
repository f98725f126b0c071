package cli

import (
	"bytes"
	"context"
	"errors"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

var errNoPolicies = errors.New("there is no policy to push: templates and configurations are of no key")

// pushes are what a file asks to be put: each of its policies, and each document that should have become one and did not.
func pushes(in compiler.Input, unit *compiler.Unit) []push.Target {
	digest := push.Digest(in.Text)
	var list []push.Target
	for _, d := range unit.Documents {
		t := push.Target{File: in.Name, Document: d.Index, Digest: digest}
		if d.Root != nil {
			t.Place = d.Root.Place
		}
		switch d.Kind {
		case compiler.KindTemplate, compiler.KindConfiguration:
			continue
		case compiler.KindSpec, compiler.KindDocument, compiler.KindUnknown:
		}
		if len(d.Policies) == 0 {
			if d.Spec != nil {
				t.Key = d.Spec.Key
			}
			list = append(list, t)
			continue
		}
		for _, p := range d.Policies {
			each := t
			each.Key, each.Form, each.Policy = p.Key, p.Form, bytes.TrimRight(p.Document.JSON(true), "\n")
			list = append(list, each)
		}
	}
	if len(unit.Documents) == 0 {
		list = append(list, push.Target{File: in.Name, Digest: digest})
	}
	return list
}

// pushed lints the paths and gives what they ask to be put, each with its findings. faulty says that something could not be read.
func (a *app) pushed(ctx context.Context, args []string) (list []push.Target, c *configuration, faulty bool, err error) {
	quiet := &reporting{from: diag.Warning, fail: diag.Error}
	c, checker, err := a.prepare(ctx, quiet, a.stdio.Err)
	if err != nil {
		return nil, nil, false, err
	}
	checker.push = true
	if region := &checker.options.Configuration.Region; *region == "" {
		if *region, err = a.regionOfSDK(ctx, c); err != nil {
			return nil, nil, false, err
		}
	}
	targets, faulty, err := a.gather(args, c, false)
	if err != nil {
		return nil, nil, false, err
	}
	run, err := a.check(ctx, checker, targets)
	if err != nil {
		return nil, nil, false, err
	}
	if err := run.across(ctx, checker, scope{}); err != nil {
		return nil, nil, false, err
	}
	for i := range run.files {
		list = append(list, run.files[i].pushes...)
	}
	for i := range list {
		list[i].Findings = findingsOf(run.findings, list[i])
	}
	if len(list) == 0 && !run.failed && !faulty {
		return nil, nil, false, errNoPolicies
	}
	return list, c, faulty || run.failed, nil
}

// regionOfSDK is the Region of AWS's own configuration, which is the last to count; "" where it has none.
func (a *app) regionOfSDK(ctx context.Context, c *configuration) (string, error) {
	cloud, err := a.open(ctx, c)
	if err != nil {
		return "", err
	}
	region, err := cloud.Region("")
	if err != nil {
		return "", nil // a key that needs one tells of it
	}
	return region, nil
}

// findingsOf are the findings about a target's document. One that did not compile has one at least.
func findingsOf(all diag.List, t push.Target) diag.List {
	var list diag.List
	for _, f := range all {
		if f.Place.File == t.File && f.Place.Document == t.Document {
			list = append(list, f)
		}
	}
	if t.Policy == nil && !list.HasErrors() {
		list = append(list, diag.Diagnostic{
			Rule: "compile", Severity: diag.Error, Place: t.Place,
			Message: "no policy came of it", Help: "`keypolicy lint` tells why",
		})
	}
	return list
}
