package rules

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// The index says of the rules built in what there is to know before one is asked, so that a run parses no more of them than
// it asks. It is written from their METADATA: go test ./rules -run TestIndex -update.
type index struct {
	Rules     []indexedRule    `json:"rules"`
	Libraries []indexedLibrary `json:"libraries"`
}

type indexedRule struct {
	File     string    `json:"file"`
	Severity string    `json:"severity"`
	Subjects []Subject `json:"subjects"`
	When     []string  `json:"when,omitempty"`
	Access   []Part    `json:"access,omitempty"`
	Optional bool      `json:"optional,omitempty"`
}

type indexedLibrary struct {
	File    string   `json:"file"`
	Package string   `json:"package,omitempty"` // where it is not keypolicy.lib
	Defines []string `json:"defines"`
	Uses    []string `json:"uses,omitempty"`
}

const indexFile = "index.json"

// readIndex reads the rules and libraries of an index.
func readIndex(text []byte) ([]*rule, []library, error) {
	var x index
	if err := json.Unmarshal(text, &x); err != nil {
		return nil, nil, errorf("%s: %w", indexFile, err)
	}
	all := make([]*rule, len(x.Rules))
	for i, entry := range x.Rules {
		w, err := readWhen(entry.When)
		if err != nil {
			return nil, nil, errorf("%s: %s: %w", indexFile, entry.File, err)
		}
		r := &rule{file: entry.File, path: entry.File, subjects: entry.Subjects, when: w, parts: entry.Access, optional: entry.Optional}
		if err := r.set("severity", []string{entry.Severity}); err != nil {
			return nil, nil, errorf("%s: %s: %w", indexFile, entry.File, err)
		}
		if err := r.finish(path.Dir(entry.File), strings.TrimSuffix(path.Base(entry.File), ".rego")); err != nil {
			return nil, nil, errorf("%s: %s: %w", indexFile, entry.File, err)
		}
		all[i] = r
	}
	libraries := make([]library, len(x.Libraries))
	for i, entry := range x.Libraries {
		libraries[i] = library{file: entry.File, pack: cmp.Or(entry.Package, libraryPackage), defines: entry.Defines, uses: entry.Uses}
	}
	return all, libraries, nil
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
		return indexedRule{r.path, r.severity.String(), r.subjects, r.when.texts(), r.parts, r.optional}
	})
	if err != nil {
		return nil, err
	}
	b.WriteString(",\n")
	err = lines("libraries", len(libraries), func(i int) any {
		l := libraries[i]
		entry := indexedLibrary{File: l.file, Defines: l.defines, Uses: l.uses}
		if l.pack != libraryPackage {
			entry.Package = l.pack
		}
		return entry
	})
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
		if other, ok := seen[r.name]; ok {
			return nil, nil, errorf("%s: there is a rule of this name already, %s", r.file, other)
		}
		seen[r.name] = r.file
		all = append(all, r)
	}
	link(libraries, modules)
	return all, libraries, nil
}
