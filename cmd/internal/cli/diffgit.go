package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/gitfs"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// diffGit holds the specs of the working tree against those of a revision.
func (a *app) diffGit(ctx context.Context, l *keypolicy.Linter, f *differing, args []string) error {
	base, err := gitfs.Open(ctx, f.base)
	if err != nil {
		return err
	}
	defer func() { _ = base.Close() }()
	old, err := a.revision(base, f.base)
	if err != nil {
		return err
	}
	oldVersions, err := old.versions(args)
	if err != nil {
		return err
	}
	newVersions, broken, failed, err := a.versions(l, args, old)
	if err != nil {
		return err
	}
	if len(oldVersions)+len(newVersions) == 0 && !failed {
		return keypolicy.ErrNoFiles
	}
	list := slices.DeleteFunc(pairs(oldVersions, newVersions), func(p pair) bool {
		return p.after == nil && broken[p.before.file] // it is not known to be gone
	})
	return a.writeDifferences(old.linter, l, f, report.Differences{Base: f.base, Compared: len(newVersions)}, list, failed)
}

// writeDifferences compares pairs of policies, read by the one linter before and by the other after, and writes what differs into
// a result; failed says that some policies could not be read, which is reported.
func (a *app) writeDifferences(old, l *keypolicy.Linter, f *differing, result report.Differences, list []pair, failed bool) error {
	objects := false
	for _, p := range list {
		d, same := p.compare(old, l, result.Base)
		if same {
			continue
		}
		result.List = append(result.List, d)
		objects = a.objects(l, f, d) || objects
	}
	if failed && len(result.List) == 0 && f.format != "json" {
		return errReported
	}
	if err := report.WriteDifferences(a.stdio.Out, f.format, result, a.flags.colored(a.stdio.Out)); err != nil {
		return err
	}
	return outcome(failed, objects)
}

// revision is the files of a git revision, read by its own configuration and templates.
type revision struct {
	files  keypolicy.Files
	linter *keypolicy.Linter
}

func (a *app) revision(base *gitfs.FS, name string) (*revision, error) {
	r := &revision{files: keypolicy.Files{FS: base, Dir: base.Dir}}
	c, err := r.configuration(a.flags.config)
	if errors.As(err, new(*keypolicy.ConfigurationError)) {
		return nil, fmt.Errorf("the configuration has errors at %s", name)
	}
	if err != nil {
		return nil, err
	}
	o, err := a.options(c)
	if err != nil {
		return nil, err
	}
	r.linter, err = keypolicy.New(keypolicy.Options{Files: r.files, Configuration: c, Enforce: o.Enforce, Values: o.Values, Key: a.flags.key, Today: a.flags.today, Jobs: a.flags.jobs, Sparse: true})
	return r, err
}

// configuration is that of --config, where the revision has it, else the first from the working directory up to the
// repository's root.
func (r *revision) configuration(flag string) (*keypolicy.Configuration, error) {
	if flag == "" {
		return keypolicy.ReadConfiguration(r.files, "")
	}
	if name := disk.FromWorkingFolder(flag); r.has(name) {
		return keypolicy.ReadConfiguration(r.files, name)
	}
	return keypolicy.NoConfiguration(r.files), nil
}

// has reports whether the revision has a file or a folder.
func (r *revision) has(name string) bool { return r.files.Has(disk.FromWorkingFolder(name)) }

// inputs are the revision's files that paths name; none where paths are given and the revision has none of them.
func (r *revision) inputs(args []string) (list []keypolicy.Input, none bool, err error) {
	var names []string
	for _, arg := range args {
		if r.has(arg) {
			names = append(names, disk.FromWorkingFolder(arg))
		}
	}
	if len(args) > 0 && len(names) == 0 {
		return nil, true, nil
	}
	listing := r.linter.List(names, false)
	if len(listing.Faults) > 0 {
		return nil, false, listing.Faults[0]
	}
	return listing.Inputs, false, nil
}

// versions are the policies of the revision.
func (r *revision) versions(args []string) ([]*version, error) {
	inputs, none, err := r.inputs(args)
	if err != nil || none {
		return nil, err
	}
	var list []*version
	for _, in := range inputs {
		unit, err := r.linter.Unit(in)
		if err != nil {
			return nil, err
		}
		for _, d := range unit.Documents {
			list = append(list, versionsOf(in.Name, d)...)
		}
	}
	return list, nil
}

// versions are the policies of the working tree, and the files of which not all could be compiled. A path that is only in the revision
// is not a fault: it was deleted.
func (a *app) versions(l *keypolicy.Linter, args []string, base *revision) (list []*version, broken map[string]bool, failed bool, err error) {
	broken = map[string]bool{}
	var paths []string
	for _, arg := range args {
		if _, err := os.Stat(arg); errors.Is(err, fs.ErrNotExist) && base.has(arg) {
			continue
		}
		paths = append(paths, arg)
	}
	if len(args) > 0 && len(paths) == 0 {
		return nil, nil, false, nil
	}
	inputs, failed, err := a.gather(l, paths, false)
	switch {
	case errors.Is(err, keypolicy.ErrNoFiles):
		return nil, nil, false, nil
	case errors.Is(err, errReported):
		return nil, nil, true, nil
	case err != nil:
		return nil, nil, false, err
	}
	for _, in := range inputs {
		unit, err := l.Unit(in)
		if err != nil {
			a.say("%v", err)
			broken[disk.FromWorkingFolder(in.Name)], failed = true, true
			continue
		}
		if err := a.broken(unit.ErrOfNone()); errors.Is(err, errReported) {
			broken[disk.FromWorkingFolder(in.Name)], failed = true, true
		} else if err != nil {
			return nil, nil, false, err
		}
		for _, d := range unit.Documents {
			switch err := a.broken(unit.Err(d)); {
			case errors.Is(err, errReported):
				failed = true
				broken[disk.FromWorkingFolder(in.Name)] = broken[disk.FromWorkingFolder(in.Name)] || d.Resource == ""
				list = append(list, &version{file: disk.FromWorkingFolder(in.Name), document: d.Index, resource: d.Resource}) // it is not gone
				continue
			case err != nil:
				return nil, nil, false, err
			}
			list = append(list, versionsOf(in.Name, d)...)
		}
	}
	return list, broken, failed, nil
}

// compare compares a pair; same where nothing differs in any byte.
func (p pair) compare(before, after *keypolicy.Linter, base string) (d report.Difference, same bool) {
	file, document := "", 0
	var was, now *spec.Compiled
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
	case p.after != nil && now == nil: // it has been reported
		return d, true
	case p.before != nil && was == nil && now == nil:
		return d, true
	case p.before != nil && was == nil: // what it was is not known
		d = report.Difference{New: shownPolicy(file, now), State: "changed", Document: document, Result: &access.Difference{
			Unknown: []access.Reason{{Kind: access.ReasonNotYetKnown, Text: fmt.Sprintf("what it allowed at %s, where it did not compile", base)}},
		}}
		d.Old = d.New
		return d, false
	case was != nil && now != nil && file == oldFile && was.Key == now.Key && was.Worlds == nil && now.Worlds == nil && bytes.Equal(was.Document.JSON(true), now.Document.JSON(true)):
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
	d.State, d.Document, d.Resource = state, document, p.resource()
	unchanged := state == "changed" && d.Resource != "" && d.Result.Equivalent && bytes.Equal(was.Document.JSON(true), now.Document.JSON(true))
	return d, unchanged
}
