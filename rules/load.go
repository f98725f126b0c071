package rules

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// library is a Rego file that rules share.
type library struct {
	file string
	text []byte
}

const libraryPackage = "keypolicy.lib"

// isTest says whether a Rego file holds tests, which are run by `keypolicy test` alone.
func isTest(name string) bool { return strings.HasSuffix(name, "_test.rego") }

// readBuiltin reads every CATEGORY/NAME.rego.
func readBuiltin(source fs.FS) ([]*rule, error) {
	names, err := fs.Glob(source, "*/*.rego")
	if err != nil {
		return nil, errorf("%w", err)
	}
	var all []*rule
	seen := map[string]string{}
	for _, name := range names {
		if path.Dir(name) == "lib" || isTest(name) {
			continue
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, errorf("%w", err)
		}
		r, err := readHeader(name, text)
		if err != nil {
			return nil, err
		}
		if other, ok := seen[r.name]; ok {
			return nil, errorf("%s: there is a rule of this name already, %s", r.file, other)
		}
		seen[r.name] = r.file
		all = append(all, r)
	}
	return all, nil
}

func readLibraries(source fs.FS) ([]library, error) {
	names, err := fs.Glob(source, "lib/*.rego")
	if err != nil {
		return nil, errorf("%w", err)
	}
	var all []library
	for _, name := range names {
		if isTest(name) {
			continue
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, errorf("%w", err)
		}
		all = append(all, library{file: name, text: text})
	}
	return all, nil
}

// readUser reads the rules of a user's folders. A file whose package lies below keypolicy.lib is shared by them.
func readUser(folders []Folder, builtin []*rule) ([]*rule, []library, error) {
	seen := map[string]string{}
	for _, r := range builtin {
		seen[r.name] = "the rule built in"
	}
	var all []*rule
	var libraries []library
	for _, folder := range folders {
		before := len(all)
		for _, name := range slices.Sorted(maps.Keys(folder.Files)) {
			if path.Ext(name) != ".rego" || isTest(name) {
				continue
			}
			file, text := path.Join(folder.Name, name), folder.Files[name]
			module, err := parseModule(file, text, true)
			if err != nil {
				return nil, nil, err
			}
			if isLibrary(module) {
				libraries = append(libraries, library{file: file, text: text})
				continue
			}
			r, err := readRule(file, text, module)
			if err != nil {
				return nil, nil, err
			}
			if other, ok := seen[r.name]; ok {
				return nil, nil, fmt.Errorf("%s:%d:%d: there is a rule named %s already: %s",
					file, module.Package.Location.Row, module.Package.Location.Col, r.name, other)
			}
			seen[r.name] = r.file
			r.examples = folder.Files[strings.TrimSuffix(name, ".rego")+".txtar"]
			all = append(all, r)
		}
		if len(all) == before {
			return nil, nil, errorf("%s: there is no rule in this folder", folder.Name)
		}
	}
	return all, libraries, nil
}

// isLibrary says whether a user's file is shared by rules: its package is keypolicy.lib.NAME.
func isLibrary(m *ast.Module) bool {
	p := m.Package.Path.String()
	return strings.HasPrefix(p, "data."+libraryPackage+".")
}

func parseModule(file string, text []byte, annotations bool) (*ast.Module, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s:1:1: the file is empty", file)
	}
	m, err := ast.ParseModuleWithOpts(file, string(text), ast.ParserOptions{ProcessAnnotation: annotations, RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, compileError(err)
	}
	return m, nil
}
