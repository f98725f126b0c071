package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Examples are the archive NAME.txtar beside a rule: its test, and the examples on its page.
//
// The comment at the top explains them. Every file is one that `keypolicy lint` reads: specs, policy
// documents, templates, and .keypolicy.yaml for the configuration. The last file, findings, lists what the
// rule finds in them, one finding a line:
//
//	FILE:LINE:COLUMN-LINE:COLUMN SEVERITY RULE[/REASON] MESSAGE
//
// sorted as findings are. What other rules find is not listed, with one exception: in a file whose name
// begins with good no rule may find anything of severity warning or error.
type Examples struct {
	Comment  string
	Files    map[string][]byte
	Findings []string // the lines of the file findings
}

const findingsFile = "findings"

// Lint checks files, as `keypolicy lint` does.
type Lint func(files map[string][]byte) (diag.List, error)

// ParseExamples reads a rule's archive.
func ParseExamples(text []byte) (*Examples, error) {
	archive := txtar.Parse(text)
	e := &Examples{Comment: strings.TrimSpace(string(archive.Comment)), Files: map[string][]byte{}}
	listed := false
	for _, f := range archive.Files {
		if f.Name == findingsFile {
			listed = true
			for line := range strings.Lines(string(f.Data)) {
				e.Findings = append(e.Findings, strings.TrimRight(line, "\n"))
			}
			continue
		}
		if _, ok := e.Files[f.Name]; ok {
			return nil, errorf("examples have two files named %s", f.Name)
		}
		e.Files[f.Name] = f.Data
	}
	if !listed {
		return nil, errorf("examples have no file named %s", findingsFile)
	}
	if len(e.Files) == 0 {
		return nil, errorf("examples have no files")
	}
	return e, nil
}

// Check lints the examples and says how the findings differ from what is expected of the rule; nothing where they do not.
func (e *Examples) Check(rule string, lint Lint) ([]string, error) {
	found, err := lint(e.Files)
	if err != nil {
		return nil, err
	}
	got := Lines(rule, found)
	var wrong []string
	for _, line := range e.Findings {
		if !slices.Contains(got, line) {
			wrong = append(wrong, "missing: "+line)
		}
	}
	for _, line := range got {
		if !slices.Contains(e.Findings, line) {
			wrong = append(wrong, "not expected: "+line)
		}
	}
	if wrong == nil && !slices.Equal(got, e.Findings) {
		wrong = append(wrong, "the findings are not in order, or one is listed twice")
	}
	for _, d := range found {
		if isGood(d.Place.File) && d.Severity >= diag.Warning {
			wrong = append(wrong, "in a good example: "+findingLine(d))
		}
	}
	return wrong, nil
}

func isGood(file string) bool { return strings.HasPrefix(path.Base(file), "good") }

// Lines writes the findings of a rule as the file findings lists them.
func Lines(rule string, found diag.List) []string {
	var lines []string
	for _, d := range found {
		if d.Rule == rule {
			lines = append(lines, findingLine(d))
		}
	}
	return lines
}

func findingLine(d diag.Diagnostic) string {
	name := d.Rule
	if d.Reason != "" {
		name += "/" + d.Reason
	}
	start, end := d.Place.Range.Start, d.Place.Range.End
	return fmt.Sprintf("%s:%d:%d-%d:%d %s %s %s", d.Place.File, start.Line, start.Column, end.Line, end.Column, d.Severity, name, d.Message)
}

// UpdateExamples writes an archive anew with the findings that there are now.
func UpdateExamples(text []byte, rule string, found diag.List) []byte {
	archive := txtar.Parse(text)
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == findingsFile })
	lines := strings.Join(Lines(rule, found), "\n")
	if lines != "" {
		lines += "\n"
	}
	archive.Files = append(archive.Files, txtar.File{Name: findingsFile, Data: []byte(lines)})
	return txtar.Format(archive)
}
