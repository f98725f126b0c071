package cli

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

var errNoPolicies = errors.New("there is no policy to push: templates and configurations are of no key, and Terraform puts the policies of its own")

// pushes are what a file asks to be put: each of its policies, and each document that should have become one and did not.
func pushes(in compiler.Input, unit *compiler.Unit, found diag.List, o compiler.Options) []push.Target {
	digest := push.Digest(in.Text)
	var list []push.Target
	for _, d := range unit.Documents {
		t := push.Target{File: in.Name, Document: d.Index, Digest: digest}
		if d.Root != nil {
			t.Place = d.Root.Place
		}
		switch d.Kind {
		case compiler.KindTemplate, compiler.KindConfiguration, compiler.KindPlan, compiler.KindTerraform: // Terraform puts the policies of its keys
			continue
		case compiler.KindSpec, compiler.KindDocument, compiler.KindUnknown:
		}
		if len(d.Policies) == 0 {
			list = append(list, withoutPolicy(t, d)...)
			continue
		}
		for _, p := range d.Policies {
			each := t
			each.Key, each.Form, each.Policy = p.Key, p.Form, bytes.TrimRight(p.Document.JSON(true), "\n")
			list = append(list, each)
		}
	}
	for _, i := range unreadDocuments(unit, found) {
		list = append(list, push.Target{File: in.Name, Document: i, Digest: digest})
	}
	if len(list) == 0 && len(unit.Documents) == 0 {
		list = append(list, push.Target{File: in.Name, Digest: digest})
	}
	known := slices.Clone(list)
	for i := range list {
		if list[i].Policy == nil && list[i].Key.ID == "" {
			list[i].Claims = claims(in.Text, known, o)
		}
	}
	return list
}

// unreadDocuments are the indexes of the documents that could not be read at all.
func unreadDocuments(unit *compiler.Unit, found diag.List) []int {
	var list []int
	for _, f := range found {
		i := f.Place.Document
		if f.Severity == diag.Error && !slices.Contains(list, i) && !slices.ContainsFunc(unit.Documents, func(d *compiler.Document) bool { return d.Index == i }) {
			list = append(list, i)
		}
	}
	return list
}

// withoutPolicy are the keys of a document that became no policy: one in each Region that its spec gives.
func withoutPolicy(t push.Target, d *compiler.Document) []push.Target {
	if d.Spec == nil {
		return []push.Target{t}
	}
	t.Key = d.Spec.Key
	list := []push.Target{t}
	for i, region := range keypolicy.SpecRegions(d) {
		each := t
		each.Key.Region = region
		list = append(list[:i], each)
	}
	return list
}

// asked is what the paths of a plan ask to be put.
type asked struct {
	targets []push.Target // each with its findings
	linter  *keypolicy.Linter
	faulty  bool // something could not be read
}

// pushed lints the paths and gives what they ask to be put.
func (a *app) pushed(ctx context.Context, args []string) (*asked, error) {
	quiet := &reporting{format: "json", from: diag.Warning, fail: diag.Error}
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
	inputs, faulty, err := a.gather(l, args, false)
	if err != nil {
		return nil, err
	}
	each := make([][]push.Target, len(inputs))
	run, err := a.check(ctx, l, inputs, keypolicy.RunOptions{
		Unwritten: true,
		Visit: func(i int, in compiler.Input, unit *compiler.Unit, found diag.List) {
			each[i] = pushes(in, unit, found, l.CompilerOptions(in.Name))
		},
	})
	if err != nil {
		return nil, err
	}
	list := slices.Concat(each...)
	for i := range list {
		list[i].Findings = findingsOf(run.Findings, list[i])
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
			Message: "no policy came of it", Help: "`keypolicy lint` says why",
		})
	}
	return list
}
