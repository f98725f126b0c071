package rules

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"
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
	tests, err := UnitTests(context.Background(), []Folder{folder}, nil)
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
		for _, name := range l.defines {
			if l.pack == libraryPackage && !strings.HasPrefix(name, "_") && !strings.Contains(texts.String(), "lib."+name) {
				t.Errorf("%s: no test names %s", l.file, name)
			}
		}
	}
	if len(tests) < 50 {
		t.Errorf("only %d tests were run", len(tests))
	}
}
