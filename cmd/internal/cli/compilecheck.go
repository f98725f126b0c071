package cli

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// compare reports, on stdout, what in folders is not as compile would write it. Orphans are reported only where
// all specs were read, and all could be compiled. A policy with an error is not written: where its findings are in the baseline, it
// fails only if there is a file that may be stale.
func (a *app) compare(f *compileFlags, dirs outputs, run *keypolicy.Run, orphans bool) (current bool, err error) {
	current = true
	found := map[string]bool{}
	defer func() { a.advise(writeCommand(f, dirs, run), found) }()
	report := func(what, name string) {
		current, found[what] = false, true
		_, _ = fmt.Fprintf(a.stdio.Out, "%s: %s\n", what, report.Inert(report.Escape(filepath.ToSlash(name))))
	}
	withheld, known := 0, !run.Summary.AtLeast(diag.Error) // of errors that are new there are findings
	for _, file := range run.Files {
		for _, o := range file.Outputs {
			name, err := outputFile(dirs.of(file.Name), o)
			if err != nil {
				return false, err
			}
			if o.Bad {
				if known && disk.IsMissing(name) {
					withheld++
				} else if known {
					report("not compared, as its spec has errors that are in the baseline", name)
				}
				continue
			}
			old, err := disk.ReadLarge(name)
			switch {
			case disk.IsMissing(name):
				report("missing", name)
			case err != nil:
				return false, err
			case !bytes.Equal(old, o.Text):
				report("stale", name)
			}
		}
	}
	if withheld > 0 && !a.flags.quiet {
		a.say("%s not compiled, because of errors that are in the baseline", count(withheld, "policy is", "policies are"))
	}
	if !orphans {
		return current, nil
	}
	left, err := leftOver(dirs, run)
	for _, name := range left {
		report("orphan", name)
	}
	return current, err
}

// advise says what to do about an output that is out of date.
func (a *app) advise(command string, found map[string]bool) {
	if found["missing"] || found["stale"] {
		a.say("run `%s` to write what is missing or stale", command)
	}
	if found["orphan"] {
		a.say("no spec compiles to an orphan: delete it, or run `%s --prune`", command)
	}
}

// writeCommand is the command that writes to the folders: without -o, one policy is printed.
func writeCommand(f *compileFlags, dirs outputs, run *keypolicy.Run) string {
	wanted, dir := 0, f.dir
	for _, file := range run.Files {
		if wanted += file.Wanted; wanted == 1 && file.Wanted == 1 {
			dir = dirs.of(file.Name)
		}
	}
	if f.dir == "" && wanted != 1 {
		return "keypolicy compile"
	}
	return "keypolicy compile -o " + report.Escape(filepath.ToSlash(dir))
}
