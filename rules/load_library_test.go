package rules

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
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

// The input says of each entry of Action which actions that use the key it matches; rules read that in place of the helpers' list.
func TestTheActionsThatUseAKeyAreThoseOfTheFacts(t *testing.T) {
	_, libraries := builtin(t)
	modules := map[string]*ast.Module{"ask.rego": ast.MustParseModule("package ask\n\nfound := data.keypolicy.lib.cryptographic\n")}
	if err := addLibraries(modules, libraries); err != nil {
		t.Fatal(err)
	}
	c := ast.NewCompiler().WithCapabilities(capabilities())
	if c.Compile(modules); c.Failed() {
		t.Fatal(c.Errors)
	}
	p := &program{compiler: c, store: inmem.New()}
	result, _, err := p.run(t.Context(), ast.MustParseBody("found = data.keypolicy.lib.cryptographic"), object(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := ast.NewSet()
	for _, name := range readPattern("kms:*").cryptographic {
		want.Add(text(name))
	}
	if got := result["found"].Value; got.Compare(want) != 0 {
		t.Errorf("lib.cryptographic is %v and the facts' actions are %v", got, want)
	}
}
