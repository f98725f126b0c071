package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
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

// findingsFile is the file of an example that holds what the rule gives, one finding a line:
// FILE:LINE:COLUMN-LINE:COLUMN SEVERITY RULE/REASON MESSAGE.
const findingsFile = "findings"

// example is a rule's .txtar: files, the findings of the rule in them, and, where it has one, a configuration.
type example struct {
	files         []txtar.File
	configuration *configuration
	want          string
}

func readExample(text []byte) (*example, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	e := &example{configuration: &configuration{Configuration: &spec.Configuration{}, folder: here}}
	for _, f := range txtar.Parse(text).Files {
		switch f.Name {
		case findingsFile:
			e.want = string(f.Data)
		case spec.ConfigurationFile:
			unit, found := compiler.Compile(compiler.Input{Name: f.Name, Text: f.Data}, compiler.Options{})
			if found.HasErrors() || len(unit.Documents) != 1 {
				return nil, fmt.Errorf("its %s is not right: %s", f.Name, firstMessage(found))
			}
			e.configuration.Configuration = unit.Documents[0].Configuration
		default:
			e.files = append(e.files, f)
		}
	}
	if len(e.files) == 0 {
		return nil, fmt.Errorf("it holds no file to judge")
	}
	return e, nil
}

func firstMessage(found diag.List) string {
	if len(found) == 0 {
		return "it is no one document"
	}
	return found[0].Message
}

// run takes the example's files the whole road and gives one rule's findings, a line each.
func (e *example) run(ctx context.Context, j *judge, rule string) (string, error) {
	found, err := e.all(ctx, j)
	if err != nil {
		return "", err
	}
	return findingLines(found, rule), nil
}

// findingLines writes a rule's findings, a line each.
func findingLines(found diag.List, rule string) string {
	var b strings.Builder
	for _, d := range found {
		if d.Rule == rule {
			b.WriteString(findingLine(d))
		}
	}
	return b.String()
}

// all takes the example's files the whole road and gives the findings of all rules, sorted.
func (e *example) all(ctx context.Context, j *judge) (diag.List, error) {
	suppressed := newSuppressions(e.configuration, j.set, j.today, false)
	c := &checker{
		judge:        j,
		options:      compiler.Options{Configuration: e.configuration.defaults(), Templates: e.templates(suppressed)},
		suppressions: suppressed,
	}
	r := &run{}
	for _, f := range e.files {
		checked, err := c.file(ctx, compiler.Input{Name: f.Name, Text: f.Data, Spec: isData(f.Name)})
		if err != nil {
			return nil, err
		}
		r.files = append(r.files, checked)
		r.findings = append(r.findings, checked.findings...)
	}
	if err := r.across(ctx, c, scope{specsOnly: true, whole: true}); err != nil {
		return nil, err
	}
	r.findings.Sort()
	return r.findings, nil
}

// templates are those among the example's own files.
func (e *example) templates(suppressed *suppressions) *expand.Library {
	var entries []*expand.Entry
	for _, f := range e.files {
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

func findingLine(d diag.Diagnostic) string {
	r := d.Place.Range
	name := d.Rule
	if d.Reason != "" {
		name += "/" + d.Reason
	}
	return fmt.Sprintf("%s:%d:%d-%d:%d %s %s %s\n",
		d.Place.File, r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, d.Severity, name, d.Message)
}

// updated is the example's text with other findings.
func updated(text []byte, findings string) []byte {
	archive := txtar.Parse(text)
	for i, f := range archive.Files {
		if f.Name == findingsFile {
			archive.Files[i].Data = []byte(findings)
			return txtar.Format(archive)
		}
	}
	archive.Files = append(archive.Files, txtar.File{Name: findingsFile, Data: []byte(findings)})
	return bytes.TrimLeft(txtar.Format(archive), "\n")
}

// options are how an example's configuration sets the rules.
func (e *example) options(today string) rules.Options {
	options := rules.Options{Severity: e.configuration.Severity, Today: today}
	if t := e.configuration.Trust; len(t.Accounts)+len(t.Organizations) > 0 {
		options.Trust = &rules.Trust{Accounts: t.Accounts, Organizations: t.Organizations}
	}
	return options
}

// exampleJudge loads one rule as an example's configuration sets it, with the given folders' rules beside. A rule
// that is off until it is turned on is on in its own examples.
func exampleJudge(ctx context.Context, e *example, user []rules.Folder, rule, today string, everything bool) (*judge, error) {
	options := e.options(today)
	options.AskAll = everything
	options.User, options.Only, options.Limit = user, rule, newPatience().limit
	set, err := rules.Load(ctx, options)
	if err != nil {
		return nil, err
	}
	if m, ok, err := set.Metadata(rule); err == nil && ok && slices.Contains(m.Subjects, rules.Suppressions) {
		options.Only = "" // what is suppressed is what the other rules find
		set, err = rules.Load(ctx, options)
		if err != nil {
			return nil, err
		}
	}
	return &judge{set: set, today: today}, nil
}

func ruleName(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path.Base(file), ".txtar"), ".rego")
}
