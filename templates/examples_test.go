package templates_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/templates"
)

// Each template has an example beside the tests: a spec that uses it and the policy that comes of it.
const examples = "../testdata/templates"

func TestExamplesCompile(t *testing.T) {
	for _, name := range templates.Names() {
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join(examples, name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) < 2 || archive.Files[0].Name != "spec.keypolicy.yaml" || archive.Files[1].Name != "policy.json" {
				t.Fatal("an example holds spec.keypolicy.yaml, policy.json and, where parameters name principals, rights")
			}
			in := compiler.Input{Name: "spec.keypolicy.yaml", Text: archive.Files[0].Data, Spec: true}
			unit, found := compiler.Compile(in, compiler.Options{})
			for _, d := range found {
				t.Errorf("%s: %s (%s)", d.Rule, d.Message, d.Help)
			}
			if t.Failed() {
				return
			}
			document := unit.Documents[0]
			if !slices.Contains(document.Uses, name) {
				t.Errorf("the example uses %v", document.Uses)
			}
			if len(document.Policies) != 1 {
				t.Fatalf("%d policies, want one", len(document.Policies))
			}
			if got, want := string(document.Policies[0].Document.JSON(false)), string(archive.Files[1].Data); got != want {
				t.Errorf("compiled to\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestNoExampleWithoutTemplate(t *testing.T) {
	entries, err := os.ReadDir(examples)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := strings.TrimSuffix(e.Name(), ".txtar"); !slices.Contains(templates.Names(), name) {
			t.Errorf("%s is the example of no template", e.Name())
		}
	}
}

func TestTemplatesHaveNoFindings(t *testing.T) {
	library := expand.NewLibrary(nil)
	for _, name := range templates.Names() {
		entry := library.Lookup(name)
		if entry == nil {
			t.Errorf("%s cannot be read", name)
			continue
		}
		for _, d := range library.Check(entry) {
			t.Errorf("%s: %s: %s (%s)", name, d.Rule, d.Message, d.Help)
		}
	}
}
