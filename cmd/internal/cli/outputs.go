package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/keypolicy/keypolicy"
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
func (r *reporting) apart(inputs []keypolicy.Input) error {
	in := newInputFiles(inputs)
	for _, o := range r.outputs {
		if in.has(o.name) {
			return fmt.Errorf("--output %s=%s is one of the files that are read: it is not written over", o.format, o.name)
		}
	}
	return nil
}

// wants says whether findings are written in a format that has a property.
func (r *reporting) wants(property func(format string) bool) bool {
	for _, o := range r.outputs {
		if property(o.format) {
			return true
		}
	}
	return property(r.format)
}

func (r *reporting) writeOutputs(f report.Findings) error {
	f.Colors = false
	for _, o := range r.outputs {
		if err := replaceFile(o.name, func(w io.Writer) error { return report.Write(w, o.format, f) }); err != nil {
			return fmt.Errorf("%s: it cannot be written, and stays as it was: %w", filepath.ToSlash(o.name), plain(err))
		}
	}
	return nil
}
