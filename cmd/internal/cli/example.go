package cli

import (
	"bytes"
	"context"
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
	e := &example{configuration: &configuration{Configuration: &spec.Configuration{}}}
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
	found, err := e.check(ctx, j, rule)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, d := range found {
		b.WriteString(findingLine(d))
	}
	return b.String(), nil
}

// check takes the example's files the whole road and gives one rule's findings, sorted.
func (e *example) check(ctx context.Context, j *judge, rule string) (diag.List, error) {
	c := &checker{
		judge: j,
		options: compiler.Options{
			Configuration: e.configuration.defaults(), Templates: e.templates(),
		},
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
	if err := r.across(ctx, c, true); err != nil {
		return nil, err
	}
	r.findings.Sort()
	return slices.DeleteFunc(r.findings, func(d diag.Diagnostic) bool { return d.Rule != rule }), nil
}

// templates are those among the example's own files.
func (e *example) templates() *expand.Library {
	var entries []*expand.Entry
	for _, f := range e.files {
		unit, _ := compiler.Compile(compiler.Input{Name: f.Name, Text: f.Data}, compiler.Options{})
		for _, d := range unit.Documents {
			if d.Template != nil && d.Template.Template.Name != nil {
				entries = append(entries, d.Template)
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

// exampleJudge loads one rule as an example's configuration sets it, with the given folders' rules beside. A rule
// that is off until it is turned on is on in its own examples.
func exampleJudge(ctx context.Context, e *example, user []rules.Folder, rule, today string) (*judge, error) {
	options := rules.Options{Severity: e.configuration.Severity, Today: today, User: user, Only: rule}
	if t := e.configuration.Trust; len(t.Accounts)+len(t.Organizations) > 0 {
		options.Trust = &rules.Trust{Accounts: t.Accounts, Organizations: t.Organizations}
	}
	set, err := rules.Load(ctx, options)
	if err != nil {
		return nil, err
	}
	return &judge{set: set}, nil
}

func ruleName(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path.Base(file), ".txtar"), ".rego")
}
