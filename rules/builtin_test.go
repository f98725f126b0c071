package rules

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// What is built in is compiled without checks at run time, because it is checked here: strictly, with the
// builtins that are allowed alone, and each rule against the schema of its input.
func TestBuiltinRulesPassEveryCheck(t *testing.T) {
	all, libraries := builtin(t)
	for _, group := range bySubjects(all) {
		if err := check(group, libraries); err != nil {
			t.Error(err)
		}
	}
}

var update = flag.Bool("update", false, "write the index anew")

// The index is what a run knows of the rules before it reads one.
func TestIndexIsUpToDate(t *testing.T) {
	all, libraries, err := readFiles(embedded)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if path.Dir(r.file) != r.category {
			t.Errorf("the rule of category %s is in the folder %s", r.category, path.Dir(r.file))
		}
		if r.needs {
			t.Errorf("%s: METADATA has `needs`: write `when` or `access`", r.file)
		}
	}
	want, err := writeIndex(all, libraries)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(indexFile, want, 0o644); err != nil { //nolint:gosec // it is part of the source
			t.Fatal(err)
		}
		return
	}
	got, err := fs.ReadFile(embedded, indexFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("rules/index.json is stale: run go test ./rules -run TestIndex -update")
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
			t.Errorf("%s: title, description and remedy are all wanted", r.file)
		case len(md.Links) == 0:
			t.Errorf("%s: no link to AWS's page", r.file)
		}
		for _, link := range md.Links {
			if !strings.HasPrefix(link, "https://docs.aws.amazon.com/") && !strings.HasPrefix(link, "https://yaml.org/") {
				t.Errorf("%s: %s is no page of AWS's", r.file, link)
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

func builtin(t *testing.T) ([]*rule, []library) {
	t.Helper()
	all, libraries, err := readBuiltin(embedded)
	if err != nil {
		t.Fatal(err)
	}
	return all, libraries
}

// The page on writing rules names every trigger, as the table does.
func TestThePageOnRulesNamesEveryTrigger(t *testing.T) {
	page, err := os.ReadFile("../docs/writing-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, trigger := range Triggers {
		if line := "| `" + trigger.Name + "` | " + trigger.About + " |\n"; !strings.Contains(string(page), line) {
			t.Errorf("docs/writing-rules.md lacks the line\n%s", line)
		}
	}
}
