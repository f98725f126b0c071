package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/compare"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/gitfs"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// diffGit holds the specs of the working tree against those of a revision.
func (a *app) diffGit(ctx context.Context, l *keypolicy.Linter, f *diffFlags, args []string) error {
	base, err := gitfs.Open(ctx, f.base)
	if err != nil {
		return err
	}
	defer func() { _ = base.Close() }()
	old, err := a.revision(base, f.base)
	if err != nil {
		return err
	}
	oldVersions, err := old.Versions(args)
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
	list := slices.DeleteFunc(compare.Pairs(oldVersions, newVersions), func(p compare.Pair) bool {
		return p.After == nil && broken[p.Before.File] // it is not known to be gone
	})
	return a.writeDifferences(old.Linter, l, f, report.Differences{Base: f.base, Compared: len(newVersions)}, list, failed)
}

// writeDifferences compares pairs of policies, read by the one linter before and by the other after, and writes what differs into
// a result; failed says that some policies could not be read, which is reported.
func (a *app) writeDifferences(old, l *keypolicy.Linter, f *diffFlags, result report.Differences, list []compare.Pair, failed bool) error {
	objects := false
	for _, p := range list {
		d, same := p.Compare(old, l, result.Base)
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

func (a *app) revision(base *gitfs.FS, name string) (*compare.Revision, error) {
	r, err := compare.NewRevision(base, a.flags.config, a.options)
	if errors.As(err, new(*keypolicy.ConfigurationError)) {
		return nil, fmt.Errorf("the configuration has errors at %s", name)
	}
	return r, err
}

// versions are the policies of the working tree, and the files of which not all could be compiled. A path that is only in the revision
// is not a fault: it was deleted.
func (a *app) versions(l *keypolicy.Linter, args []string, base *compare.Revision) (list []*compare.Version, broken map[string]bool, failed bool, err error) {
	broken = map[string]bool{}
	var paths []string
	for _, arg := range args {
		if _, err := os.Stat(arg); errors.Is(err, fs.ErrNotExist) && base.Has(arg) {
			continue
		}
		paths = append(paths, arg)
	}
	if len(args) > 0 && len(paths) == 0 {
		return nil, nil, false, nil
	}
	inputs, failed, err := a.collectInputs(l, paths, false)
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
				list = append(list, &compare.Version{File: disk.FromWorkingFolder(in.Name), Document: d.Index, Resource: d.Resource}) // it is not gone
				continue
			case err != nil:
				return nil, nil, false, err
			}
			list = append(list, compare.VersionsOf(in.Name, d)...)
		}
	}
	return list, broken, failed, nil
}
