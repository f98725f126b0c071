package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// version is one policy on one side of a comparison.
type version struct {
	file     string
	document int
	policy   *policy.Policy // nil where it does not compile
	paired   bool
}

// diffGit holds the specs of the working tree against those of a revision.
func (a *app) diffGit(ctx context.Context, r *reader, f *differing, args []string) error {
	base, err := openRevision(ctx, f.base)
	if err != nil {
		return err
	}
	before, err := base.reader(ctx, r)
	if err != nil {
		return err
	}
	oldVersions, err := base.versions(ctx, before, args)
	if err != nil {
		return err
	}
	newVersions, failed, err := r.versions(args, base)
	if err != nil {
		return err
	}
	if len(oldVersions)+len(newVersions) == 0 && !failed {
		return errNoFiles
	}
	result := report.Differences{Base: f.base, Compared: len(newVersions)}
	objects := false
	for _, p := range pairs(oldVersions, newVersions) {
		d, same := p.compare(before, r, f.base)
		if same {
			continue
		}
		result.List = append(result.List, d)
		objects = objects || f.objects(d.Result)
	}
	if failed && len(result.List) == 0 && f.format != "json" {
		return errTold
	}
	if err := report.WriteDifferences(a.stdio.Out, f.format, result, a.flags.colored(a.stdio.Out)); err != nil {
		return err
	}
	return outcome(failed, objects)
}

// versions are the policies of the revision.
func (v *revision) versions(ctx context.Context, r *reader, args []string) ([]*version, error) {
	targets := v.targets(args, r.configuration)
	var names []string
	for _, t := range targets {
		names = append(names, t.name)
	}
	texts, err := v.read(ctx, names)
	if err != nil {
		return nil, err
	}
	var list []*version
	for _, t := range targets {
		unit, _ := compiler.Compile(compiler.Input{Name: t.name, Text: texts[t.name], Spec: t.spec}, r.options)
		for _, d := range unit.Documents {
			list = append(list, versionsOf(t.name, d)...)
		}
	}
	return list, nil
}

// versions are the policies of the working tree. A path that is in the revision alone is no fault: it was deleted.
func (r *reader) versions(args []string, base *revision) (list []*version, failed bool, err error) {
	var paths []string
	for _, arg := range args {
		if _, err := os.Stat(arg); errors.Is(err, fs.ErrNotExist) && len(base.under(arg)) > 0 {
			continue
		}
		paths = append(paths, arg)
	}
	if len(args) > 0 && len(paths) == 0 {
		return nil, false, nil
	}
	targets, failed, err := r.app.gather(paths, r.configuration, false)
	switch {
	case errors.Is(err, errNoFiles):
		return nil, false, nil
	case errors.Is(err, errTold):
		return nil, true, nil
	case err != nil:
		return nil, false, err
	}
	for _, t := range targets {
		text, err := readFile(t.name)
		if err != nil {
			r.app.say("%v", err)
			failed = true
			continue
		}
		in := compiler.Input{Name: t.name, Text: text, Spec: t.spec, Configuration: t.configuration}
		unit, found := compiler.Compile(in, r.options)
		for _, d := range unit.Documents {
			switch err := r.app.broken(in, found, d); {
			case errors.Is(err, errTold):
				failed = true
				list = append(list, &version{file: seen(t.name), document: d.Index}) // it is not gone
				continue
			case err != nil:
				return nil, false, err
			}
			list = append(list, versionsOf(t.name, d)...)
		}
	}
	return list, failed, nil
}

// versionsOf are a document's policies; one without a policy where it should have become some.
func versionsOf(file string, d *compiler.Document) []*version {
	if d.Kind != compiler.KindSpec && d.Kind != compiler.KindDocument {
		return nil
	}
	if len(d.Policies) == 0 {
		return []*version{{file: seen(file), document: d.Index}}
	}
	var list []*version
	for _, p := range d.Policies {
		list = append(list, &version{file: seen(file), document: d.Index, policy: p})
	}
	return list
}

// pair is what is to be compared; one side is nil for what is new or gone.
type pair struct{ before, after *version }

// pairs finds for each policy the one that it was: of the same document and Region, else of the same key, else of the same
// name, else of the same document.
func pairs(before, after []*version) []pair {
	was := map[*version]*version{}
	same := []func(o, n *version) bool{
		func(o, n *version) bool {
			return o.file == n.file && o.document == n.document && o.region() == n.region()
		},
		func(o, n *version) bool { return o.key() != "" && o.key() == n.key() && o.region() == n.region() },
		func(o, n *version) bool { return o.policy != nil && n.policy != nil && o.policy.Name == n.policy.Name },
		func(o, n *version) bool { return o.file == n.file && o.document == n.document },
	}
	for _, alike := range same {
		for _, n := range after {
			for _, o := range before {
				if !n.paired && !o.paired && alike(o, n) {
					was[n], n.paired, o.paired = o, true, true
				}
			}
		}
	}
	var list []pair
	for _, n := range after {
		list = append(list, pair{was[n], n})
	}
	for _, o := range before {
		if !o.paired {
			list = append(list, pair{o, nil})
		}
	}
	return list
}

func (v *version) region() string {
	if v.policy == nil {
		return ""
	}
	return v.policy.Key.Region
}

func (v *version) key() string {
	if v.policy == nil {
		return ""
	}
	return v.policy.Key.ID
}

// compare compares a pair; same where nothing differs in any byte.
func (p pair) compare(before, after *reader, base string) (d report.Difference, same bool) {
	file, document := "", 0
	var was, now *policy.Policy
	if p.before != nil {
		file, document, was = p.before.file, p.before.document, p.before.policy
	}
	oldFile := file
	if p.after != nil {
		file, document, now = p.after.file, p.after.document, p.after.policy
	}
	if oldFile == "" {
		oldFile = file
	}
	switch {
	case p.after != nil && now == nil: // it has been told
		return d, true
	case p.before != nil && was == nil && now == nil:
		return d, true
	case p.before != nil && was == nil: // what it was is not known
		d = report.Difference{New: shownPolicy(file, now), State: "changed", Document: document, Result: &access.Difference{
			Unknown: []access.Reason{{Kind: access.ReasonNotYetKnown, Text: fmt.Sprintf("what it allowed at %s, where it did not compile", base)}},
		}}
		d.Old = d.New
		return d, false
	case was != nil && now != nil && file == oldFile && was.Key == now.Key && bytes.Equal(was.Document.JSON(true), now.Document.JSON(true)):
		return d, true
	}
	state := "changed"
	switch {
	case was == nil:
		was, state = empty(now), "added"
	case now == nil:
		now, state = empty(was), "deleted"
	case file != oldFile:
		state = "moved"
	}
	d = compareWith(before, after, oldFile, file, was, now)
	d.State, d.Document = state, document
	return d, false
}

// empty is the policy that allows nothing, for a key.
func empty(of *policy.Policy) *policy.Policy {
	file, _ := source.Load("", []byte(`{"Version": "2012-10-17", "Statement": []}`), source.DefaultLimits)
	return &policy.Policy{Key: of.Key, Document: policy.Read(file.Documents[0].Root)}
}
