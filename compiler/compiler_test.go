package compiler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// library reads the template files of an archive: those whose name starts with "template".
func library(t *testing.T, files []txtar.File) *expand.Library {
	t.Helper()
	var entries []*expand.Entry
	for _, f := range files {
		if !strings.HasPrefix(f.Name, "template") {
			continue
		}
		unit, _ := compiler.Compile(compiler.Input{Name: f.Name, Text: f.Data}, compiler.Options{})
		for _, d := range unit.Documents {
			if d.Template == nil {
				t.Fatalf("%s is not a template", f.Name)
			}
			entries = append(entries, d.Template)
		}
	}
	return expand.NewLibrary(entries)
}

// TestCompile runs each archive of testdata/compile: what its inputs compile to is in NAME.json, its
// findings in "findings". The comment's words KEY=VALUE are the flags. KEYPOLICY_UPDATE=1 rewrites them.
func TestCompile(t *testing.T) {
	paths, err := filepath.Glob("../testdata/compile/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: archive.Comment}
			var want strings.Builder
			for _, f := range archive.Files {
				if isOutput(f.Name) {
					fmt.Fprintf(&want, "-- %s --\n%s", f.Name, f.Data)
				} else {
					got.Files = append(got.Files, f)
				}
			}
			outputs := compileAll(t, archive, got.Files)
			if os.Getenv("KEYPOLICY_UPDATE") != "" {
				got.Files = append(got.Files, outputs...)
				if err := os.WriteFile(path, txtar.Format(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			var have strings.Builder
			for _, f := range outputs {
				fmt.Fprintf(&have, "-- %s --\n%s", f.Name, f.Data)
			}
			if have.String() != want.String() {
				t.Errorf("got:\n%s\nwant:\n%s", have.String(), want.String())
			}
		})
	}
}

func isOutput(name string) bool { return name == "findings" || strings.HasPrefix(name, "out/") }

func compileAll(t *testing.T, archive *txtar.Archive, inputs []txtar.File) []txtar.File {
	t.Helper()
	opts := compiler.Options{Templates: library(t, inputs)}
	for word := range strings.FieldsSeq(string(archive.Comment)) {
		switch name, value, _ := strings.Cut(word, "="); name {
		case "account":
			opts.Flags.Account = value
		case "region":
			opts.Flags.Region = value
		}
	}
	var outputs []txtar.File
	var findings strings.Builder
	for _, f := range inputs {
		unit, found := compiler.Compile(compiler.Input{Name: f.Name, Text: f.Data}, opts)
		for _, d := range unit.Documents {
			if d.Guard != nil {
				found = append(found, *d.Guard)
			}
			for _, p := range d.Policies {
				checkSourceMap(t, f.Name, p)
				outputs = append(outputs, txtar.File{Name: "out/" + p.Name + ".json", Data: p.Document.JSON(false)})
			}
		}
		for _, d := range found {
			r := d.Place.Range
			fmt.Fprintf(&findings, "%s:%d:%d-%d:%d %s %s/%s: %s (%s)\n", d.Place.File, r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, d.Severity, d.Rule, d.Reason, d.Message, d.Help)
			for _, rel := range d.Related {
				fmt.Fprintf(&findings, "  %s:%d:%d %s\n", rel.File, rel.Range.Start.Line, rel.Range.Start.Column, rel.Message)
			}
		}
	}
	if findings.Len() > 0 {
		outputs = append(outputs, txtar.File{Name: "findings", Data: []byte(findings.String())})
	}
	return outputs
}

// checkSourceMap walks a compiled document and demands a place in a file for every path of it.
func checkSourceMap(t *testing.T, file string, p *spec.Compiled) {
	t.Helper()
	var walk func(path diag.Path)
	walk = func(path diag.Path) {
		o := p.Document.Map.Find(path)
		if !o.Exact || o.Value.File != file || o.Value.Range.IsZero() {
			t.Errorf("%s: %s has no place: %+v", file, path.Pointer(), o)
		}
		_, n := p.Document.Root.Resolve(path)
		for i := range n.Items {
			walk(append(append(diag.Path{}, path...), i))
		}
		for _, m := range n.Members {
			walk(append(append(diag.Path{}, path...), m.Key.Text))
		}
	}
	walk(diag.Path{})
}

const seed = `{"Id":"key-consolepolicy-3","Version":"2012-10-17","Statement":[{"Sid":"Enable IAM UserName Permissions","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Action":["kms:*"],"Resource":"*"},{"Sid":"Allow use of the key","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:user/user2"]},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*"},{"Sid":"Allow attachment of persistent resources","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:user/user2"]},"Action":["kms:CreateGrant","kms:ListGrants","kms:RevokeGrant"],"Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}]}`

func TestCompileOfTheCCKMBody(t *testing.T) {
	in := compiler.Input{Name: "-", Text: []byte(`{"key_users": ["user2"]}`), Spec: true}
	unit, found := compiler.Compile(in, compiler.Options{Flags: compiler.Defaults{Account: "123456789012"}})
	if len(found) != 0 {
		t.Fatalf("findings: %+v", found)
	}
	if got := strings.TrimSpace(string(unit.Documents[0].Policies[0].Document.JSON(true))); got != seed {
		t.Errorf("got  %s\nwant %s", got, seed)
	}
}
