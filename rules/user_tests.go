package rules

import (
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// UnitTest is one rule named test_… in a file _test.rego, and whether it holds.
type UnitTest struct {
	File string
	Line int
	Name string // with its package
	Pass bool
	Err  error // what ended it
}

// UnitTests runs the Rego tests in a user's folders, with their rules and what is built in to share. They are
// sorted by file and line. printed takes what they print().
func UnitTests(ctx context.Context, folders []Folder, limit Limit, printed func(Printed)) ([]UnitTest, error) {
	_, libraries, err := readIndex()
	if err != nil {
		return nil, err
	}
	modules := map[string]*ast.Module{}
	var tests []UnitTest
	for _, folder := range folders {
		for _, name := range slices.Sorted(maps.Keys(folder.Files)) {
			if path.Ext(name) != ".rego" {
				continue
			}
			file := path.Join(folder.Name, name)
			m, err := parseModule(file, folder.Files[name], false)
			if err != nil {
				return nil, err
			}
			modules[file] = m
			if isTest(name) {
				tests = append(tests, testsOf(file, m)...)
			}
		}
	}
	if tests == nil {
		return nil, nil
	}
	if err := addLibraries(modules, libraries); err != nil {
		return nil, err
	}
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithEnablePrintStatements(printed != nil)
	if c.Compile(modules); c.Failed() {
		return nil, compileError(c.Errors)
	}
	p := &program{compiler: c, store: inmem.New(), limit: limit, print: printed}
	for i := range tests {
		if err := p.test(ctx, &tests[i]); err != nil {
			return nil, err
		}
	}
	return tests, nil
}

// testsOf are the tests of a module; several rules of one name are one test.
func testsOf(file string, m *ast.Module) []UnitTest {
	var tests []UnitTest
	seen := map[string]bool{}
	for _, r := range m.Rules {
		name := string(r.Head.Name)
		if !strings.HasPrefix(name, "test_") || seen[name] {
			continue
		}
		seen[name] = true
		tests = append(tests, UnitTest{File: file, Line: r.Location.Row, Name: m.Package.Path.String() + "." + name})
	}
	return tests
}

func (p *program) test(ctx context.Context, t *UnitTest) error {
	query, err := ast.ParseBody(t.Name + " = findings")
	if err != nil {
		return errorf("%w", err)
	}
	answer, late, err := p.run(ctx, query, nil, "")
	switch {
	case errors.Is(err, errNoResult):
	case ctx.Err() != nil:
		return ctx.Err()
	case late:
		t.Err = errors.New("it takes too long, and is stopped")
	case err != nil:
		t.Err = err
	default:
		t.Pass = answer["findings"].Equal(ast.BooleanTerm(true))
	}
	return nil
}
