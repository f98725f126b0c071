package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// findingsFile is a file that findings are written to, beside what is printed.
type findingsFile struct{ format, name string }

// parseOutputs reads the values of --output, each FORMAT=FILE.
func parseOutputs(values []string) ([]findingsFile, error) {
	var list []findingsFile
	seen := map[string]bool{}
	for _, value := range values {
		format, name, _ := strings.Cut(value, "=")
		if name == "" {
			return nil, fmt.Errorf("--output is `%s`: write FORMAT=FILE, such as sarif=keypolicy.sarif", value)
		}
		if err := oneOf("the format of --output", format, report.Formats()...); err != nil {
			return nil, err
		}
		clean := filepath.Clean(name)
		if seen[clean] {
			return nil, fmt.Errorf("--output names %s twice", name)
		}
		seen[clean] = true
		list = append(list, findingsFile{format, name})
	}
	return list, nil
}

// apart is an error where findings would be written over a file that is read.
func (r *reportFlags) apart(inputs []keypolicy.Input) error {
	in := disk.NewInputFiles(inputs)
	for _, o := range r.outputs {
		if in.Has(o.name) {
			return fmt.Errorf("--output %s=%s is one of the files that are read: it is not overwritten", o.format, o.name)
		}
	}
	return nil
}

// wants reports whether findings are written in a format that has a property.
func (r *reportFlags) wants(property func(format string) bool) bool {
	for _, o := range r.outputs {
		if property(o.format) {
			return true
		}
	}
	return property(r.format) || r.step != "" && property("markdown")
}

// writeStep adds findings to the summary of a step in GitHub Actions, which shows of a step's annotations ten of a kind only.
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
func (r *reportFlags) writeStep(f report.Findings) (err error) {
	if r.step == "" {
		return nil
	}
	file, err := os.OpenFile(r.step, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err == nil {
		_, err = io.WriteString(file, "## keypolicy\n\n")
		err = errors.Join(err, report.Write(file, "markdown", f), file.Close())
	}
	if err != nil {
		return fmt.Errorf("GITHUB_STEP_SUMMARY: %s cannot be written: %w", filepath.ToSlash(r.step), disk.Reason(err))
	}
	return nil
}

func (r *reportFlags) writeOutputs(f report.Findings) error {
	f.Colors = false
	for _, o := range r.outputs {
		if err := disk.Replace(o.name, func(w io.Writer) error { return report.Write(w, o.format, f) }); err != nil {
			return fmt.Errorf("%s: it cannot be written, and stays as it was: %w", filepath.ToSlash(o.name), disk.Reason(err))
		}
	}
	return nil
}
