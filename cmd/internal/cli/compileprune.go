package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/gitfs"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
)

// leftOver are the files in the output folders that no spec compiles to. Where a spec cannot be read or compiled it is not known
// what it would be written to, and nothing is left over.
func leftOver(dirs outputs, run *keypolicy.Run) (list []string, err error) {
	expected := map[string]bool{}
	if slices.ContainsFunc(run.Files, func(f keypolicy.File) bool { return f.Broken || f.Fault != nil }) {
		return nil, nil
	}
	for _, file := range run.Files {
		for _, o := range file.Outputs {
			name, err := outputFile(dirs.of(file.Name), o)
			if err != nil {
				return nil, err
			}
			expected[filepath.Clean(name)] = true
		}
	}
	for _, dir := range dirs.all() {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, keypolicy.ReadError(dir, err)
		}
		for _, e := range entries {
			if name := filepath.Join(dir, e.Name()); !e.IsDir() && strings.HasSuffix(name, ".json") && !expected[name] {
				list = append(list, name)
			}
		}
	}
	return list, nil
}

// prune deletes what is left over in the output folders. Nothing says who wrote a file, so only one is deleted that is written as
// compile writes, and that git's last commit has as it is.
func (a *app) prune(ctx context.Context, dirs outputs, run *keypolicy.Run, inputs []keypolicy.Input) error {
	left, err := leftOver(dirs, run)
	if err != nil || len(left) == 0 {
		return err
	}
	head, err := gitfs.Open(ctx, "HEAD")
	if err == nil {
		defer func() { _ = head.Close() }()
	}
	in, failed := disk.NewInputFiles(inputs), false
	for _, name := range left {
		shown := report.Escape(filepath.ToSlash(name))
		switch text, err := disk.ReadLarge(name); {
		case err != nil:
			a.say("%v", err)
			failed = true
		case in.Has(name) || !isCompiled(text):
			a.say("kept %s: it is not as compile writes policies", shown)
		case head == nil || !committed(head, name, text):
			a.say("kept %s: it is not committed to git as it is, so it could not be restored", shown)
		default:
			if err := os.Remove(name); err != nil {
				a.say("%s: it cannot be deleted: %v", shown, disk.Reason(err))
				failed = true
				continue
			}
			if !a.flags.quiet {
				a.say("deleted %s", shown)
			}
		}
	}
	return outcome(failed, false)
}

// isCompiled reports whether a text is a policy to the byte as compile writes it.
func isCompiled(text []byte) bool {
	unit, found := compiler.Compile(compiler.Input{Name: "policy.json", Text: text}, compiler.Options{})
	if found.HasErrors() || len(unit.Documents) != 1 || unit.Documents[0].Kind != compiler.KindDocument || len(unit.Documents[0].Policies) != 1 {
		return false
	}
	document := unit.Documents[0].Policies[0].Document
	return bytes.Equal(document.JSON(false), text) || bytes.Equal(document.JSON(true), text)
}

// committed reports whether a revision has a file of the working folder as it is.
func committed(head *gitfs.FS, name string, text []byte) bool {
	files := keypolicy.Files{FS: head, Dir: head.Dir}
	kept, err := files.ReadLarge(disk.FromWorkingFolder(name))
	return err == nil && bytes.Equal(kept, text)
}
