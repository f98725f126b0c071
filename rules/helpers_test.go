package rules

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

var updateHelpers = flag.Bool("update-helpers", false, "write docs/rule-helpers.md")

const helpersPage = "../docs/rule-helpers.md"

const helpersIntroduction = `# Helpers for rules

The helpers that the built-in rules share are available to your own rules too: ` + "`import data.keypolicy.lib`" + `, and then ` + "`lib.NAME`" + `. Each
helper has its tests in the file ` + "`rules/lib/NAME_test.rego`" + `. This page is generated from the comments of the helpers.

`

// TestHelpersAreDocumented wants a comment above every helper of the library, and a page that has them all.
func TestHelpersAreDocumented(t *testing.T) {
	names, err := fs.Glob(os.DirFS("."), "lib/*.rego")
	if err != nil || len(names) == 0 {
		t.Fatal("no helpers", err)
	}
	var page strings.Builder
	page.WriteString(helpersIntroduction)
	for _, name := range names {
		if isTest(name) || strings.HasPrefix(path.Base(name), "triggers") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&page, "## %s\n\n", strings.TrimSuffix(path.Base(name), ".rego"))
		seen := map[string]bool{}
		for _, r := range m.Rules {
			helper := r.Head.Ref()[0].String()
			if strings.HasPrefix(helper, "_") || seen[helper] {
				continue
			}
			seen[helper] = true
			comment := commentAbove(text, r.Location.Row)
			if !strings.HasPrefix(comment, helper+" ") {
				t.Errorf("%s:%d: the comment above the helper begins with its name: %q", name, r.Location.Row, comment)
			}
			signature := helper
			if len(r.Head.Args) > 0 {
				signature += "(" + arguments(r.Head.Args) + ")"
			}
			fmt.Fprintf(&page, "- `%s`: %s\n", signature, strings.TrimSpace(strings.TrimPrefix(comment, helper)))
		}
		page.WriteString("\n")
	}
	tested := helperTests(t)
	for line := range strings.SplitSeq(page.String(), "\n") {
		if name, ok := strings.CutPrefix(line, "- `"); ok {
			name, _, _ = strings.Cut(strings.SplitN(name, "`", 2)[0], "(")
			if !strings.Contains(tested, "lib."+name) {
				t.Errorf("no test uses lib.%s", name)
			}
		}
	}
	want := strings.TrimRight(page.String(), "\n") + "\n"
	if *updateHelpers {
		if err := os.WriteFile(helpersPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile(helpersPage); string(got) != want {
		t.Error("docs/rule-helpers.md is not what the comments say: go test ./rules -run TestHelpersAreDocumented -update-helpers")
	}
}

// helperTests is the text of the tests of the library.
func helperTests(t *testing.T) string {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "lib/*_test.rego")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func arguments(args ast.Args) string {
	names := make([]string, len(args))
	for i, a := range args {
		names[i] = a.String()
		if strings.HasPrefix(names[i], "$") {
			names[i] = "_"
		}
	}
	return strings.Join(names, ", ")
}

// commentAbove is the comment that ends in the line before a row, on one line.
func commentAbove(text []byte, row int) string {
	lines := bytes.Split(text, []byte("\n"))
	var words []string
	for i := row - 2; i >= 0 && bytes.HasPrefix(lines[i], []byte("#")); i-- {
		words = append(words, strings.TrimSpace(string(lines[i][1:])))
	}
	slices.Reverse(words)
	return strings.Join(words, " ")
}
