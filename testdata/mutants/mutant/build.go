package mutant

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// number is the file that says to a package of the binary which mutant it is.
const number = `package %s

import (
	"os"
	"strconv"
)

var mutantNumber, _ = strconv.Atoi(os.Getenv("KEYPOLICY_MUTANT"))
`

// Check returns what is wrong with the list, mutant by mutant: what each changes must be exactly once in its file, in a
// function that can be copied, and what it makes of it must be Go. home is the folder of the files. It builds nothing.
func Check(list []Mutant, home string) error {
	var errs []error
	files := byFile(list)
	for _, file := range slices.Sorted(maps.Keys(files)) {
		_, err := files[file].apply(home, file)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Build makes one test binary of all mutants: the nth is in it where KEYPOLICY_MUTANT is n. home is the folder that their
// files are relative to, and whose tests are built, folder is where the binary goes. It returns the binary's path.
func Build(list []Mutant, home, folder string) (string, error) {
	replaced := map[string]string{}
	put := func(file, text string) error {
		at, err := filepath.Abs(filepath.Join(home, file))
		if err != nil {
			return err
		}
		replaced[at] = filepath.Join(folder, fmt.Sprintf("%d-%s", len(replaced), filepath.Base(file)))
		return os.WriteFile(replaced[at], []byte(text), 0o600)
	}
	packages := map[string]bool{}
	for file, edits := range byFile(list) {
		text, err := edits.apply(home, file)
		if err != nil {
			return "", err
		}
		if err := put(file, text); err != nil {
			return "", err
		}
		packages[filepath.Dir(file)] = true
	}
	for _, of := range slices.Sorted(maps.Keys(packages)) {
		name := filepath.Base(filepath.Join(home, of))
		if err := put(filepath.Join(of, "mutantnumber.go"), fmt.Sprintf(number, name)); err != nil {
			return "", err
		}
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
type edits map[int]Mutant

func byFile(list []Mutant) map[string]edits {
	files := map[string]edits{}
	for i, m := range list {
		if files[m.File] == nil {
			files[m.File] = edits{}
		}
		files[m.File][i+1] = m
	}
	return files
}

// apply gives the file with a copy of its function for each mutant, and a turn to it where the function begins.
func (e edits) apply(home, file string) (string, error) {
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
	var errs []error
	for _, n := range slices.Sorted(maps.Keys(e)) {
		m := e[n]
		f, from, err := find(m, source, tree, set)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		call, err := turn(f, n)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", m.Name, err))
			continue
		}
		at := func(p token.Pos) int { return set.Position(p).Offset }
		changed := source[at(f.Name.End()):from] + m.To + source[from+len(m.From):at(f.End())]
		turns[at(f.Body.Lbrace)+1] += call
		text := fmt.Sprintf("\n//line %s:1\n%s%s%s\n", m.Name, source[at(f.Pos()):at(f.Name.Pos())], copyName(f, n), changed)
		if _, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.SkipObjectResolution); err != nil {
			errs = append(errs, fmt.Errorf("%s: what it makes of %s is not Go: %w", m.Name, file, err))
			continue
		}
		copies.WriteString(text)
	}
	places := slices.SortedFunc(maps.Keys(turns), func(a, b int) int { return cmp.Compare(b, a) })
	for _, place := range places {
		source = source[:place] + turns[place] + source[place:]
	}
	return source + copies.String(), errors.Join(errs...)
}

// find returns the function that the mutant changes, and the place in the source of what it changes.
func find(m Mutant, source string, tree *ast.File, set *token.FileSet) (f *ast.FuncDecl, from int, err error) {
	if found := strings.Count(source, m.From); found != 1 {
		return nil, 0, fmt.Errorf("%s: %s has what is to be changed %d times", m.Name, m.File, found)
	}
	from = strings.Index(source, m.From)
	to := from + len(m.From)
	at := func(p token.Pos) int { return set.Position(p).Offset }
	f = function(tree, func(f *ast.FuncDecl) bool { return at(f.Name.End()) <= from && to <= at(f.End()) })
	if f == nil {
		return nil, 0, fmt.Errorf("%s: what is to be changed is in no function", m.Name)
	}
	return f, from, nil
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
