package rules

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

const libraryPackage = "keypolicy.lib"

// readLibrary takes a library apart. What it uses of others is found once all are read: link does it.
func readLibrary(file string, text []byte, m *ast.Module) library {
	l := library{File: file, text: text, Package: strings.TrimPrefix(m.Package.Path.String(), "data.")}
	for _, r := range m.Rules {
		name := string(r.Head.Ref()[0].Value.(ast.Var))
		if !slices.Contains(l.Defines, name) {
			l.Defines = append(l.Defines, name)
		}
	}
	slices.Sort(l.Defines)
	return l
}

// used are the libraries that modules use, and those that these use.
func used(libraries []library, modules map[string]*ast.Module) []library {
	byFile := map[string]library{}
	for _, l := range libraries {
		byFile[l.File] = l
	}
	wanted := map[string]bool{}
	var want func(files []string)
	want = func(files []string) {
		for _, file := range files {
			if !wanted[file] {
				wanted[file] = true
				want(byFile[file].Uses)
			}
		}
	}
	for _, m := range modules {
		want(usedBy(m, libraries))
	}
	return slices.DeleteFunc(slices.Clone(libraries), func(l library) bool { return !wanted[l.File] })
}

// usedBy are the files of the libraries that a module names something of: by data, by an import, or only by the name where
// it is of the same package.
func usedBy(m *ast.Module, libraries []library) []string {
	imported := map[ast.Var]string{}
	for _, i := range m.Imports {
		if path, ok := i.Path.Value.(ast.Ref); ok && path.HasPrefix(ast.DefaultRootRef) {
			imported[i.Name()] = strings.TrimPrefix(path.String(), "data.")
		}
	}
	own := strings.TrimPrefix(m.Package.Path.String(), "data.")
	var files []string
	name := func(path string) {
		for _, l := range libraries {
			rest, below := strings.CutPrefix(path, l.Package+".")
			first, _, _ := strings.Cut(rest, ".")
			if (path == l.Package || below && slices.Contains(l.Defines, first)) && !slices.Contains(files, l.File) {
				files = append(files, l.File)
			}
		}
	}
	refs := func(ref ast.Ref) bool {
		head, _ := ref[0].Value.(ast.Var)
		base, known := imported[head]
		switch {
		case head == ast.DefaultRootDocument.Value.(ast.Var):
			name(strings.TrimPrefix(ref.ConstantPrefix().String(), "data."))
		case known:
			rest := ref[1:].ConstantPrefix()
			for _, step := range rest {
				s, _ := step.Value.(ast.String)
				base += "." + string(s)
			}
			name(base)
		}
		return false
	}
	vars := func(v ast.Var) bool {
		name(own + "." + string(v))
		return false
	}
	for _, r := range m.Rules {
		ast.WalkRefs(r, refs)
		ast.WalkVars(r, vars)
	}
	slices.Sort(files)
	return files
}
