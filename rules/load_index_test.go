package rules

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// LoadFiles is Load with other rules in place of those built in.
func LoadFiles(ctx context.Context, source fs.FS, opts Options) (*Set, error) {
	all, libraries, err := readFiles(source)
	if err != nil {
		return nil, err
	}
	return load(ctx, opts, all, libraries)
}

var update = flag.Bool("update", false, "write the index again")

// The index is what a run knows of the rules before it reads one.
func TestIndexIsUpToDate(t *testing.T) {
	all, libraries, err := readFiles(embedded)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if path.Dir(r.File) != r.Category {
			t.Errorf("the rule of category %s is in the folder %s", r.Category, path.Dir(r.File))
		}
		if r.needs {
			t.Errorf("%s: METADATA has `needs`: write `when` or `access`", r.File)
		}
	}
	want, err := writeIndex(all, libraries)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(indexFile, want, 0o644); err != nil { // it is part of the source
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

// writeIndex writes an index, one rule a line.
func writeIndex(all []*rule, libraries []library) ([]byte, error) {
	var b bytes.Buffer
	lines := func(name string, n int, entry func(int) any) error {
		b.WriteString("\t\"" + name + "\": [\n")
		for i := range n {
			text, err := json.Marshal(entry(i))
			if err != nil {
				return errorf("%w", err)
			}
			b.WriteString("\t\t")
			b.Write(text)
			if i < n-1 {
				b.WriteByte(',')
			}
			b.WriteByte('\n')
		}
		b.WriteString("\t]")
		return nil
	}
	b.WriteString("{\n")
	err := lines("rules", len(all), func(i int) any {
		r := all[i]
		custom := maps.Clone(packageAnnotations(ast.MustParseModuleWithOpts(string(r.text), ast.ParserOptions{ProcessAnnotation: true})).Custom)
		delete(custom, "remedy")
		return indexedRule{r.path, custom, r.fields}
	})
	if err != nil {
		return nil, err
	}
	b.WriteString(",\n")
	err = lines("libraries", len(libraries), func(i int) any { return libraries[i] })
	b.WriteString("\n}\n")
	return b.Bytes(), err
}

// readFiles reads every CATEGORY/NAME.rego of a file system by its METADATA, and the libraries.
func readFiles(source fs.FS) ([]*rule, []library, error) {
	names, err := fs.Glob(source, "*/*.rego")
	if err != nil {
		return nil, nil, errorf("%w", err)
	}
	var all []*rule
	var libraries []library
	modules := map[string]*ast.Module{}
	seen := map[string]string{}
	for _, name := range names {
		if isTest(name) {
			continue
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, nil, errorf("%w", err)
		}
		m, err := parseModule(name, text, true)
		if err != nil {
			return nil, nil, err
		}
		if path.Dir(name) == "lib" {
			modules[name] = m
			libraries = append(libraries, readLibrary(name, text, m))
			continue
		}
		r, err := readRule(name, text, m)
		if err != nil {
			return nil, nil, err
		}
		r.path = name
		modules[name] = m
		if other, ok := seen[r.Name]; ok {
			return nil, nil, errorf("%s: there is a rule of this name already, %s", r.File, other)
		}
		seen[r.Name] = r.File
		r.text = text
		all = append(all, r)
	}
	link(libraries, modules)
	return all, libraries, readFields(all, modules)
}

// The page on writing rules names every trigger, as the table does.
func TestThePageOnRulesNamesEveryTrigger(t *testing.T) {
	page, err := os.ReadFile("../docs/writing-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range triggerNames {
		if !strings.Contains(string(page), "\n| `"+name+"` | ") {
			t.Errorf("docs/writing-rules.md has no line on %s", name)
		}
	}
}

// link finds what libraries use of one another.
func link(libraries []library, modules map[string]*ast.Module) {
	for i := range libraries {
		libraries[i].Uses = slices.DeleteFunc(usedBy(modules[libraries[i].File], libraries), func(file string) bool { return file == libraries[i].File })
	}
}
