package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// compare tells, on stdout, what in a folder is not as compile would write it. Orphans are told only where
// all specs were read, and all could be compiled.
func (a *app) compare(dir string, run *keypolicy.Run, orphans bool) (current bool, err error) {
	expected := map[string]bool{}
	current = true
	tell := func(what, name string) {
		current = false
		_, _ = fmt.Fprintf(a.stdio.Out, "%s: %s\n", what, report.Inert(report.Escape(filepath.ToSlash(name))))
	}
	for _, file := range run.Files {
		orphans = orphans && !file.Broken && file.Fault == nil
		for _, o := range file.Outputs {
			name, err := outputFile(dir, o)
			if err != nil {
				return false, err
			}
			expected[filepath.Base(name)] = true
			if o.Bad {
				continue
			}
			old, err := readOutput(name)
			switch {
			case notThere(name):
				tell("missing", name)
			case err != nil:
				return false, err
			case !bytes.Equal(old, o.Text):
				tell("stale", name)
			}
		}
	}
	if !orphans {
		return current, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, keypolicy.ReadError(dir, err)
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".json") && !expected[e.Name()] {
			tell("orphan", filepath.Join(dir, e.Name()))
		}
	}
	return current, nil
}
