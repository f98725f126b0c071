package rules

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// What is built in is compiled without checks at run time, because it is checked here: strictly, with the
// only the builtins that are allowed, and each rule against the schema of its input.
func TestBuiltinRulesPassEveryCheck(t *testing.T) {
	all, libraries := builtin(t)
	for _, group := range bySubjects(all) {
		if err := check(group, libraries); err != nil {
			t.Error(err)
		}
	}
}

func TestMetadataIsComplete(t *testing.T) {
	all, _ := builtin(t)
	for _, r := range all {
		md, err := r.metadata()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case md.Title == "", md.Description == "", md.Remedy == "":
			t.Errorf("%s: title, description and remedy are all wanted", r.File)
		case len(md.Links) == 0:
			t.Errorf("%s: no link to AWS's page", r.File)
		}
		for _, link := range md.Links {
			if !strings.HasPrefix(link, "https://docs.aws.amazon.com/") && !strings.HasPrefix(link, "https://yaml.org/") {
				t.Errorf("%s: %s is not a page of AWS's", r.File, link)
			}
		}
	}
}

func TestRegoIsFormatted(t *testing.T) {
	names, err := fs.Glob(embedded, "*/*.rego")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		formatted, err := format.SourceWithOpts(name, text, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		if string(formatted) != string(text) {
			t.Errorf("%s is not as `opa fmt` writes it:\n%s", name, formatted)
		}
	}
}

// TestRegoIsStrict compiles rules, libraries and their tests together, as `opa check --strict` does.
func TestRegoIsStrict(t *testing.T) {
	names, err := fs.Glob(embedded, "*/*.rego")
	if err != nil || len(names) == 0 {
		t.Fatalf("no Rego: %v", err)
	}
	modules := map[string]*ast.Module{}
	for _, name := range names {
		text, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		if modules[name], err = ast.ParseModule(name, string(text)); err != nil {
			t.Fatal(err)
		}
	}
	c := ast.NewCompiler().WithStrict(true)
	if c.Compile(modules); c.Failed() {
		t.Error(c.Errors)
	}
}

func builtin(t *testing.T) ([]*rule, []library) {
	t.Helper()
	all, libraries, err := readFiles(embedded)
	if err != nil {
		t.Fatal(err)
	}
	return all, libraries
}
