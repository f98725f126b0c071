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

// compare tells, on stdout, what in folders is not as compile would write it. Orphans are told only where
// all specs were read, and all could be compiled.
func (a *app) compare(dirs outputs, run *keypolicy.Run, orphans bool) (current bool, err error) {
	expected := map[string]bool{}
	current = true
	found := map[string]bool{}
	defer a.advise(found)
	tell := func(what, name string) {
		current, found[what] = false, true
		_, _ = fmt.Fprintf(a.stdio.Out, "%s: %s\n", what, report.Inert(report.Escape(filepath.ToSlash(name))))
	}
	for _, file := range run.Files {
		orphans = orphans && !file.Broken && file.Fault == nil
		for _, o := range file.Outputs {
			name, err := outputFile(dirs.of(file.Name), o)
			if err != nil {
				return false, err
			}
			expected[filepath.Clean(name)] = true
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
	for _, dir := range dirs.all() {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, keypolicy.ReadError(dir, err)
		}
		for _, e := range entries {
			if name := filepath.Join(dir, e.Name()); !e.IsDir() && strings.HasSuffix(name, ".json") && !expected[name] {
				tell("orphan", name)
			}
		}
	}
	return current, nil
}

// advise says what to do about an output that is out of date.
func (a *app) advise(found map[string]bool) {
	if found["missing"] || found["stale"] {
		a.say("run `keypolicy compile` to write what is missing or stale")
	}
	if found["orphan"] {
		a.say("delete what is an orphan: no spec compiles to it")
	}
}
