package cli

import (
	"errors"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/compare"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
)

// diffModules compares the keys of two Terraform modules by their addresses.
func (a *app) diffModules(l *keypolicy.Linter, f *diffFlags, oldPath, newPath string) error {
	before, oldFailed, err := a.keysOf(l, oldPath)
	if err != nil {
		return err
	}
	after, newFailed, err := a.keysOf(l, newPath)
	if err != nil {
		return err
	}
	for _, n := range before { // two folders: the addresses say which key is which
		n.File = disk.FromWorkingFolder(newPath)
	}
	for _, n := range after {
		n.File = disk.FromWorkingFolder(newPath)
	}
	result := report.Differences{Base: oldPath, Compared: len(after)}
	return a.writeDifferences(l, l, f, result, compare.Pairs(before, after), oldFailed || newFailed)
}

// keysOf are the keys of a module; failed says that some do not compile, which is reported.
func (a *app) keysOf(l *keypolicy.Linter, path string) (list []*compare.Version, failed bool, err error) {
	unit, err := l.Unit(keypolicy.Input{Name: path})
	if err != nil {
		return nil, false, err
	}
	for _, d := range unit.Documents {
		switch err := a.broken(unit.Err(d)); {
		case errors.Is(err, errReported):
			failed = true
			list = append(list, &compare.Version{File: disk.FromWorkingFolder(path), Document: d.Index, Resource: d.Resource})
		case err != nil:
			return nil, false, err
		default:
			list = append(list, compare.VersionsOf(path, d)...)
		}
	}
	if len(unit.Documents) == 0 {
		failed = errors.Is(a.broken(unit.Err(&compiler.Document{})), errReported)
	}
	return list, failed, nil
}
