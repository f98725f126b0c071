package rules

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// The helpers that rules share have tests in Rego, and each is named in one.
func TestHelpersPassTheirTests(t *testing.T) {
	names, err := fs.Glob(embedded, "lib/*_test.rego")
	if err != nil {
		t.Fatal(err)
	}
	folder := Folder{Name: "lib", Files: map[string][]byte{}}
	var texts strings.Builder
	for _, name := range names {
		text, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		folder.Files[path.Base(name)] = text
		texts.Write(text)
	}
	tests, err := UnitTests(context.Background(), []Folder{folder}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		if !test.Pass {
			t.Errorf("%s:%d: %s fails: %v", test.File, test.Line, test.Name, test.Err)
		}
	}
	_, libraries := builtin(t)
	for _, l := range libraries {
		for _, name := range l.Defines {
			if l.Package == libraryPackage && !strings.HasPrefix(name, "_") && !strings.Contains(texts.String(), "lib."+name) {
				t.Errorf("%s: no test names %s", l.File, name)
			}
		}
	}
	if len(tests) < 50 {
		t.Errorf("only %d tests were run", len(tests))
	}
}

// Each action of the facts that uses a key is one of the helpers' cryptographic actions, and of the entries' of Action that match it;
// so is each that administers it. The statement's input has both.
func TestTheHelpersActionsAreThoseOfTheFacts(t *testing.T) {
	_, libraries := builtin(t)
	modules := map[string]*ast.Module{"ask.rego": ast.MustParseModule(`package ask

import data.keypolicy.lib

found := [lib.cryptographic, lib.administrative]
`)}
	if err := addLibraries(modules, libraries); err != nil {
		t.Fatal(err)
	}
	c := ast.NewCompiler().WithCapabilities(capabilities())
	if c.Compile(modules); c.Failed() {
		t.Fatal(c.Errors)
	}
	var cryptographic, administrative []*ast.Term
	for _, a := range facts.Actions() {
		entry := readPattern(a.Name)
		if entry.use && a.EffectiveInKeyPolicy {
			cryptographic = append(cryptographic, text(a.Name))
		}
		if entry.administration {
			administrative = append(administrative, text(a.Name))
		}
	}
	p := &program{compiler: c, store: inmem.New()}
	result, _, err := p.run(t.Context(), ast.MustParseBody("found = data.ask.found"), object(every.term("facts", new(inputs).factsTerm())), "")
	if err != nil {
		t.Fatal(err)
	}
	want := ast.ArrayTerm(ast.SetTerm(cryptographic...), ast.SetTerm(administrative...))
	if got := result["found"]; got.Value.Compare(want.Value) != 0 {
		t.Errorf("the helpers' actions are %v and those of the facts %v", got, want)
	}
}
