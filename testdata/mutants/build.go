package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// number is the file that tells the binary which mutant it is.
const number = `package access

import (
	"os"
	"strconv"
)

var mutantNumber, _ = strconv.Atoi(os.Getenv("KEYPOLICY_MUTANT"))
`

// build makes one test binary of all mutants: the nth is in it where KEYPOLICY_MUTANT is n.
func build(list []mutant, folder string) (string, error) {
	replaced := map[string]string{}
	put := func(file, text string) error {
		at, err := filepath.Abs(filepath.Join(home, file))
		if err != nil {
			return err
		}
		replaced[at] = filepath.Join(folder, file)
		return os.WriteFile(replaced[at], []byte(text), 0o600)
	}
	for file, edits := range byFile(list) {
		text, err := edits.apply(file)
		if err != nil {
			return "", err
		}
		if err := put(file, text); err != nil {
			return "", err
		}
	}
	if err := put("mutantnumber.go", number); err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	overlayFile := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "tests")
	out, err := exec.Command("go", "test", "-c", "-o", binary, "-overlay", overlayFile, "-vet=off", "./"+home).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("mutants do not build: %w\n%s", err, out)
	}
	return binary, nil
}

// edits are the mutants of one file by their numbers.
type edits map[int]mutant

func byFile(list []mutant) map[string]edits {
	files := map[string]edits{}
	for i, m := range list {
		if files[m.file] == nil {
			files[m.file] = edits{}
		}
		files[m.file][i+1] = m
	}
	return files
}

// apply gives the file with a copy of its function for each mutant, and a turn to it where the function begins.
func (e edits) apply(file string) (string, error) {
	data, err := os.ReadFile(filepath.Join(home, file))
	if err != nil {
		return "", err
	}
	source, set := string(data), token.NewFileSet()
	tree, err := parser.ParseFile(set, file, data, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	turns := map[int]string{}
	var copies strings.Builder
	for n, m := range e {
		if found := strings.Count(source, m.from); found != 1 {
			return "", fmt.Errorf("%s: %s has what is to be changed %d times", m.name, file, found)
		}
		from := strings.Index(source, m.from)
		to := from + len(m.from)
		at := func(p token.Pos) int { return set.Position(p).Offset }
		f := function(tree, func(f *ast.FuncDecl) bool { return at(f.Name.End()) <= from && to <= at(f.End()) })
		if f == nil {
			return "", fmt.Errorf("%s: what is to be changed is in no function", m.name)
		}
		call, err := turn(f, n)
		if err != nil {
			return "", fmt.Errorf("%s: %w", m.name, err)
		}
		turns[at(f.Body.Lbrace)+1] += call
		fmt.Fprintf(&copies, "\n//line %s:1\n%s%s%s%s%s\n", m.name, source[at(f.Pos()):at(f.Name.Pos())], copyName(f, n), source[at(f.Name.End()):from], m.to, source[to:at(f.End())])
	}
	places := make([]int, 0, len(turns))
	for place := range turns {
		places = append(places, place)
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Compare(b, a) })
	for _, place := range places {
		source = source[:place] + turns[place] + source[place:]
	}
	return source + copies.String(), nil
}

func function(tree *ast.File, fits func(f *ast.FuncDecl) bool) *ast.FuncDecl {
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && fits(f) {
			return f
		}
	}
	return nil
}

func copyName(f *ast.FuncDecl, n int) string { return fmt.Sprintf("%sMutant%d", f.Name.Name, n) }

// turn is the statement that calls the copy instead.
func turn(f *ast.FuncDecl, n int) (string, error) {
	call := copyName(f, n)
	if f.Recv != nil {
		names, err := parameters(f.Recv)
		if err != nil {
			return "", err
		}
		call = names[0] + "." + call
	}
	names, err := parameters(f.Type.Params)
	if err != nil {
		return "", err
	}
	call += "(" + strings.Join(names, ", ") + ")"
	if f.Type.Results == nil {
		call += "; return"
	} else {
		call = "return " + call
	}
	return fmt.Sprintf(" if mutantNumber == %d { %s };", n, call), nil
}

func parameters(list *ast.FieldList) ([]string, error) {
	var names []string
	for _, field := range list.List {
		if len(field.Names) == 0 {
			return nil, errors.New("its function has a parameter without a name")
		}
		for _, name := range field.Names {
			text := name.Name
			if text == "_" {
				return nil, errors.New("its function has a parameter without a name")
			}
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				text += "..."
			}
			names = append(names, text)
		}
	}
	return names, nil
}
