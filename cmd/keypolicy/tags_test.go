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

// What the program writes as JSON is declared in the root package, once. Elsewhere structs with tags are for files of the
// package's own.
func TestJSONIsDeclaredInTheRoot(t *testing.T) {
	own := []string{
		"compiler/facts",                // the data that it embeds, and the sources that it is generated from
		"rules/load_index.go",           // the index of the built-in rules
		"cmd/internal/push",             // plans and journals, which it reads again
		"cmd/internal/report/gitlab.go", // formats of others
		"cmd/internal/report/rdjsonl.go",
	}
	tagged := 0
	err := filepath.WalkDir(root(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		name, err := filepath.Rel(root(t), path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil || !strings.Contains(field.Tag.Value, "json:") {
				return true
			}
			tagged++
			name := filepath.ToSlash(name)
			for _, folder := range own {
				if inside(name, folder) {
					return true
				}
			}
			if strings.Contains(name, "/") {
				t.Errorf("%s: a field has the tag %s", name, field.Tag.Value)
			}
			return true
		})
		return nil
	})
	if err != nil || tagged == 0 {
		t.Errorf("%d fields with tags were found: %v", tagged, err)
	}
}
