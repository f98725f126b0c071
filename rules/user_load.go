package rules

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// readUser reads the rules of a user's folders. A file whose package lies below keypolicy.lib is shared by them.
func readUser(folders []Folder, builtin []*rule, shared []library) ([]*rule, []library, error) {
	seen := map[string]string{}
	for _, r := range builtin {
		seen[r.Name] = "the rule built in"
	}
	var all []*rule
	libraries := slices.Clone(shared)
	modules := map[string]*ast.Module{}
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
				modules[file] = module
				libraries = append(libraries, readLibrary(file, text, module))
				continue
			}
			r, err := readRule(file, text, module)
			if err != nil {
				return nil, nil, err
			}
			if other, ok := seen[r.Name]; ok {
				return nil, nil, fmt.Errorf("%s:%d:%d: there is a rule named %s already: %s",
					file, module.Package.Location.Row, module.Package.Location.Col, r.Name, other)
			}
			seen[r.Name] = r.File
			r.User = true
			r.examples = folder.Files[strings.TrimSuffix(name, ".rego")+".txtar"]
			all = append(all, r)
		}
		if len(all) == before {
			return nil, nil, errorf("%s: there is no rule in this folder", folder.Name)
		}
	}
	for i := len(shared); i < len(libraries); i++ {
		libraries[i].Uses = usedBy(modules[libraries[i].File], libraries)
	}
	return all, libraries, nil
}

// isLibrary reports whether a user's file is shared by rules: its package is keypolicy.lib.NAME.
func isLibrary(m *ast.Module) bool {
	p := m.Package.Path.String()
	return strings.HasPrefix(p, "data."+libraryPackage+".")
}
