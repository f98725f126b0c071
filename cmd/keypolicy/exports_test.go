package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestExportsAreUsedElsewhere looks for functions, methods and variables that a package exports and no other one names. The root package
// is for other modules, so nothing in it has to be used here. Types and constants are left out: a field's type is used without its name,
// and of an enumeration the whole is exported.
func TestExportsAreUsedElsewhere(t *testing.T) {
	exports := map[string]map[string]bool{} // folder → name
	users := map[string]map[string]bool{}   // name → folders that have it behind a dot
	err := filepath.WalkDir(root(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root(t), filepath.Dir(path))
		if err != nil {
			return err
		}
		if folder != "." && !strings.HasSuffix(path, "_test.go") {
			for _, name := range exported(file) {
				if exports[folder] == nil {
					exports[folder] = map[string]bool{}
				}
				exports[folder][name] = true
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if users[selector.Sel.Name] == nil {
					users[selector.Sel.Name] = map[string]bool{}
				}
				users[selector.Sel.Name][folder] = true
			}
			return true
		})
		return nil
	})
	if err != nil || len(exports) < 20 {
		t.Fatalf("%d packages export something: %v", len(exports), err)
	}
	called := map[string]bool{ // by the standard library, through an interface
		"Error": true, "String": true, "ServeHTTP": true, "UnmarshalJSON": true, "Lstat": true, "ReadLink": true,
	}
	for folder, names := range exports {
		for name := range names {
			elsewhere := len(users[name])
			if users[name][folder] {
				elsewhere--
			}
			if elsewhere == 0 && !called[name] {
				t.Errorf("%s exports %s, which no other package uses: unexport it, or delete it", folder, name)
			}
		}
	}
}

// exported are the functions, the methods of exported types and the variables that a file exports.
func exported(file *ast.File) []string {
	var names []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type))) {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.VAR {
					for _, name := range v.Names {
						if name.IsExported() {
							names = append(names, name.Name)
						}
					}
				}
			}
		}
	}
	return names
}

// receiver is the name of a receiver's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
