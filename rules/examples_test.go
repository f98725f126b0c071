package rules_test

import (
	"context"
	"flag"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

var update = flag.Bool("update", false, "write the findings of the examples anew")

// lint goes the whole road from files to findings.
func lint(t *testing.T, opts rules.Options) rules.Lint {
	t.Helper()
	return func(files map[string][]byte) (diag.List, error) {
		var options compiler.Options
		opts := opts
		if text, ok := files[spec.ConfigurationFile]; ok {
			unit, found := compiler.Compile(compiler.Input{Name: spec.ConfigurationFile, Text: text}, options)
			if found.HasErrors() {
				return found, nil
			}
			c := unit.Documents[0].Configuration
			options.Configuration = compiler.Defaults{Account: c.Account, Partition: c.Partition, Region: c.Region, Key: c.Key}
			opts.Severity = c.Severity
			if len(c.Trust.Accounts)+len(c.Trust.Organizations) > 0 {
				opts.Trust = &rules.Trust{Accounts: c.Trust.Accounts, Organizations: c.Trust.Organizations}
			}
		}
		set, err := rules.Load(context.Background(), opts)
		if err != nil {
			return nil, err
		}
		var all diag.List
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if name == spec.ConfigurationFile {
				continue
			}
			unit, found := compiler.Compile(compiler.Input{Name: name, Text: files[name]}, options)
			all = append(all, found...)
			for _, d := range unit.Documents {
				judged, err := set.Judge(context.Background(), rules.Target{Spec: d.Spec, Policies: d.Policies})
				if err != nil {
					return nil, err
				}
				all = append(all, judged...)
			}
		}
		all.Sort()
		return all, nil
	}
}

func TestExamples(t *testing.T) {
	files, err := filepath.Glob("*/*.rego")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if path.Dir(file) == "lib" {
			continue
		}
		name := strings.TrimSuffix(path.Base(file), ".rego")
		t.Run(name, func(t *testing.T) {
			archive := strings.TrimSuffix(file, ".rego") + ".txtar"
			text, err := os.ReadFile(archive)
			if err != nil {
				t.Fatalf("a rule is two files: %v", err)
			}
			if *update {
				text = updated(t, archive, name, text)
			}
			checkExamples(t, name, text)
		})
	}
}

func checkExamples(t *testing.T, name string, text []byte) {
	t.Helper()
	e, err := rules.ParseExamples(text)
	if err != nil {
		t.Fatal(err)
	}
	if e.Comment == "" {
		t.Error("no comment explains the examples")
	}
	if len(e.Findings) == 0 {
		t.Error("no example gives a finding")
	}
	wrong, err := e.Check(name, lint(t, rules.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(e.Files)), func(f string) bool { return strings.HasPrefix(f, "good") }) {
		t.Error("no example is good: a near miss shows what the rule lets pass")
	}
}

func updated(t *testing.T, archive, name string, text []byte) []byte {
	t.Helper()
	e, err := rules.ParseExamples(text)
	if err != nil {
		t.Fatal(err)
	}
	found, err := lint(t, rules.Options{})(e.Files)
	if err != nil {
		t.Fatal(err)
	}
	text = rules.UpdateExamples(text, name, found)
	if err := os.WriteFile(archive, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return text
}
