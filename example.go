package keypolicy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// FindingsFile is the file of an example that holds what the rule gives, one finding a line:
// FILE:LINE:COLUMN-LINE:COLUMN SEVERITY RULE/REASON MESSAGE.
const FindingsFile = "findings"

// IsGoodExample reports whether an example's file shows what the rule lets pass: no rule has an error or a warning in it.
func IsGoodExample(file string) bool { return strings.HasPrefix(path.Base(file), "good") }

// ExampleDay is the day on which examples are evaluated where no other is given: their findings are the same on every day.
const ExampleDay = "2026-01-31"

// Example is a rule's .txtar: files, the findings of the rule in them, and, where it has one, a configuration.
type Example struct {
	Files         []txtar.File
	Want          string // the findings that the rule must give, a line each
	configuration *Configuration
}

// ReadExample reads a rule's .txtar.
func ReadExample(text []byte) (*Example, error) {
	e := &Example{configuration: &Configuration{Configuration: &spec.Configuration{}, folder: "."}}
	seen := map[string]bool{}
	for _, f := range txtar.Parse(text).Files {
		if seen[f.Name] {
			return nil, fmt.Errorf("two of its files are named %s", f.Name)
		}
		seen[f.Name] = true
		switch f.Name {
		case FindingsFile:
			e.Want = string(f.Data)
		case spec.ConfigurationFile:
			unit, found := compiler.Compile(compiler.Input{Name: f.Name, Text: f.Data}, compiler.Options{})
			if found.HasErrors() || len(unit.Documents) != 1 {
				return nil, fmt.Errorf("its %s is not right: %s", f.Name, firstMessage(found))
			}
			e.configuration = configurationOf(unit.Documents[0].Configuration)
			e.configuration.File, e.configuration.at, e.configuration.folder = f.Name, f.Name, "."
		default:
			e.Files = append(e.Files, f)
		}
	}
	if len(e.Files) == 0 {
		return nil, errors.New("it holds no file to judge")
	}
	return e, nil
}

func firstMessage(found diag.List) string {
	if len(found) == 0 {
		return "it is not a one document"
	}
	return found[0].Message
}

// RuleOptions are how the example's configuration sets the rules.
func (e *Example) RuleOptions(today string) rules.Options {
	return rules.Options{Severity: e.configuration.Severity, Today: today, Trust: trustOf(e.configuration.Trust)}
}

// Load loads one rule as the example's configuration sets it. A rule that is off until it is turned on is on in its own
// examples. o has the user's rules, the day and the limit.
func (e *Example) Load(ctx context.Context, rule string, o rules.Options) (*rules.Set, error) {
	own := e.RuleOptions(o.Today)
	o.Severity, o.Trust, o.Only = own.Severity, own.Trust, rule
	set, err := rules.Load(ctx, o)
	if err != nil {
		return nil, err
	}
	if m, ok, err := set.Metadata(rule); err != nil || !ok || !slices.Contains(m.Subjects, rules.Suppressions) {
		return set, nil //nolint:nilerr // a rule without METADATA is not about suppressions
	}
	o.Only = "" // what is suppressed is what the other rules find
	return rules.Load(ctx, o)
}

// Check takes the example's files the whole road and gives the findings of all rules of a set, sorted. today is the day that
// the set was loaded for.
func (e *Example) Check(ctx context.Context, set *rules.Set, today string) (diag.List, error) {
	suppressed := newSuppressions(e.configuration, set, Options{Today: today})
	library := e.templates(suppressed)
	c := &checker{
		set: set, sets: newTrusting(set, e.configuration), configuration: e.configuration, suppressions: suppressed,
		options: func(file string) compiler.Options {
			return compiler.Options{Configuration: e.configuration.of(file).key, Templates: library}
		},
		run: RunOptions{SpecsOnly: true, Whole: true},
	}
	r := &Run{}
	for i, f := range e.Files {
		file, err := c.file(ctx, i, compiler.Input{Name: f.Name, Text: f.Data, Spec: isData(f.Name)})
		if err != nil {
			return nil, err
		}
		r.Files = append(r.Files, file)
		r.Findings = append(r.Findings, file.findings...)
	}
	if err := r.checkAcrossFiles(ctx, c); err != nil {
		return nil, err
	}
	r.Findings.Sort()
	return r.Findings, nil
}

// templates are those among the example's own files.
func (e *Example) templates(suppressed *suppressions) *expand.Library {
	var entries []*expand.Entry
	for _, f := range e.Files {
		unit, _ := compiler.Compile(compiler.Input{Name: f.Name, Text: f.Data}, compiler.Options{})
		for _, d := range unit.Documents {
			if d.Template != nil && d.Template.Template.Name != nil {
				entries = append(entries, d.Template)
				suppressed.templates[f.Name] = suppressed.comments(unit.File.Suppressions)
			}
		}
	}
	return expand.NewLibrary(entries)
}

// Lines are the lines that findings in one of the example's files are about.
func (e *Example) Lines(found diag.List) Lines {
	all := Lines{}
	for _, f := range e.Files {
		for _, d := range found {
			if d.Place.File == f.Name {
				all[LineOf(d)] = newLines(f.Data).at(d.Place.Range.Start.Line)
			}
		}
	}
	return all
}

// FindingLines writes a rule's findings as an example has them, a line each.
func FindingLines(found diag.List, rule string) string {
	var b strings.Builder
	for _, d := range found {
		if d.Rule == rule {
			b.WriteString(FindingLine(d))
		}
	}
	return b.String()
}

// FindingLine writes a finding as an example has it.
func FindingLine(d diag.Diagnostic) string {
	r := d.Place.Range
	name := d.Rule
	if d.Reason != "" {
		name += "/" + d.Reason
	}
	return fmt.Sprintf("%s:%d:%d-%d:%d %s %s %s\n",
		d.Place.File, r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, d.Severity, name, d.Message)
}

// WithFindings is an example's text with other findings.
func WithFindings(text []byte, findings string) []byte {
	archive := txtar.Parse(text)
	for i, f := range archive.Files {
		if f.Name == FindingsFile {
			archive.Files[i].Data = []byte(findings)
			return txtar.Format(archive)
		}
	}
	archive.Files = append(archive.Files, txtar.File{Name: FindingsFile, Data: []byte(findings)})
	return bytes.TrimLeft(txtar.Format(archive), "\n")
}
