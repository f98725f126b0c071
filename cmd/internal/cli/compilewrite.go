package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

var outputPattern = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// outputFile is the file that a policy is written to. Its name may not lead out of the folder.
func outputFile(dir string, o keypolicy.Output) (string, error) {
	if !outputPattern.MatchString(o.Name) {
		return "", fmt.Errorf("%s: `%s` is not a name for an output: give the spec a `name` of letters, digits, dots, dashes and underscores", o.Place.File, o.Name)
	}
	return filepath.Join(dir, o.Name+".json"), nil
}

// writeAll writes the good policies; one that cannot be written does not keep the others from it.
func (a *app) writeAll(dirs outputs, run *keypolicy.Run, inputs []keypolicy.Input) error {
	for _, dir := range dirs.all() {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("%s: the folder cannot be made: %w", dir, disk.Reason(err))
		}
	}
	failed := false
	written, total := map[string]int{}, map[string]int{}
	in := disk.NewInputFiles(inputs)
	for _, file := range run.Files {
		for _, o := range file.Outputs {
			if o.Bad || o.Text == nil {
				continue
			}
			dir := dirs.of(file.Name)
			total[dir]++
			switch changed, err := a.writeOutput(dir, o, in); {
			case err != nil:
				a.say("%v", err)
				failed = true
				total[dir]--
			case changed:
				written[dir]++
			}
		}
	}
	a.sayWritten(written, total)
	return outcome(failed, false)
}

// sayWritten says how many policies were written to each folder, and how many were there as they are.
func (a *app) sayWritten(written, total map[string]int) {
	if a.flags.quiet {
		return
	}
	for _, dir := range slices.Sorted(maps.Keys(total)) {
		shown := report.Escape(filepath.ToSlash(dir))
		switch same := total[dir] - written[dir]; {
		case total[dir] == 0:
		case written[dir] == 0:
			a.say("%s in %s, up to date", count(same, "policy", "policies"), shown)
		case same == 0:
			a.say("wrote %s to %s", count(written[dir], "policy", "policies"), shown)
		default:
			a.say("wrote %s to %s; %d are up to date", count(written[dir], "policy", "policies"), shown, same)
		}
	}
}

// writeOutput writes a policy, unless its file is as it would be written.
func (a *app) writeOutput(dir string, o keypolicy.Output, in disk.InputFiles) (changed bool, err error) {
	name, err := outputFile(dir, o)
	if err != nil {
		return false, err
	}
	old, err := disk.ReadLarge(name)
	switch {
	case disk.IsMissing(name):
	case err != nil:
		return false, err
	case bytes.Equal(old, o.Text):
		return false, nil
	}
	if !disk.IsMissing(name) && !isOutput(old) {
		return false, fmt.Errorf("%s is not a policy document, so it is not replaced: give the spec another `name`, or compile to another folder", filepath.ToSlash(name))
	}
	if in.Has(name) {
		return false, fmt.Errorf("%s is one of the files that are read: it is not overwritten", filepath.ToSlash(name))
	}
	if err := disk.Replace(name, func(w io.Writer) error { _, err := w.Write(o.Text); return err }); err != nil {
		return false, fmt.Errorf("%s: it cannot be written, and stays as it was: %w", filepath.ToSlash(name), disk.Reason(err))
	}
	if a.flags.verbose {
		a.say("wrote %s", filepath.ToSlash(name))
	}
	return true, nil
}

// isOutput reports whether a file's text is what compile writes: a policy document, or the inputs of rules. An empty file holds
// nothing that could be lost.
func isOutput(text []byte) bool {
	if len(bytes.TrimSpace(text)) == 0 {
		return true
	}
	var document struct{ Statement json.RawMessage }
	if json.Unmarshal(text, &document) == nil {
		return document.Statement != nil
	}
	var inputs []struct{ Subject, Input json.RawMessage }
	return json.Unmarshal(text, &inputs) == nil && len(inputs) > 0 && inputs[0].Subject != nil && inputs[0].Input != nil
}
