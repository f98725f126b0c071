package compiler_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler"
)

// FuzzCompile holds three promises for any input: nothing panics, equal input gives equal output, and what was
// compiled reads back as the document that it is.
func FuzzCompile(f *testing.F) {
	paths, err := filepath.Glob("../testdata/compile/*.txtar")
	if err != nil || len(paths) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if !isOutput(file.Name) {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("policytemplate: s3-bucket-key\nparameters: {bucket: b}"))
	f.Add([]byte("policy: |\n  {\"Statement\": [{\"Sid\": \"\\u00e9\"}]}"))
	opts := compiler.Options{Flags: compiler.Defaults{Account: "111122223333", Region: "eu-west-1"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		in := compiler.Input{Name: "fuzz.keypolicy.yaml", Text: text, Spec: true}
		unit, found := compiler.Compile(in, opts)
		again, foundAgain := compiler.Compile(in, opts)
		if !reflect.DeepEqual(found, foundAgain) {
			t.Fatalf("two runs differ:\n%+v\n%+v", found, foundAgain)
		}
		for _, d := range found {
			if d.Rule == "" || d.Message == "" || d.Place.File == "" {
				t.Errorf("a finding without rule, message or place: %+v", d)
			}
		}
		for i, d := range unit.Documents {
			for j, p := range d.Policies {
				out := p.Document.JSON(false)
				if !bytes.Equal(out, again.Documents[i].Policies[j].Document.JSON(false)) {
					t.Fatal("two runs give different documents")
				}
				checkReadsBack(t, out)
			}
		}
	})
}

func checkReadsBack(t *testing.T, out []byte) {
	t.Helper()
	unit, found := compiler.Compile(compiler.Input{Name: "out.json", Text: out}, compiler.Options{})
	if len(found) > 0 {
		return // a document that is none, or holds a key twice, is compiled as written and reported by the rules
	}
	for _, p := range unit.Documents[0].Policies {
		if got := p.Document.JSON(false); !bytes.Equal(got, out) {
			t.Errorf("reads back as\n%s\nnot as\n%s", got, out)
		}
	}
}

// TestCorpus compiles real policies, where the environment names their folder: none may crash, and one
// that gives no finding must be a policy.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("KEYPOLICY_CORPUS")
	if folder == "" {
		t.Skip("KEYPOLICY_CORPUS does not name the folder of real policies")
	}
	paths, err := filepath.Glob(filepath.Join(folder, "policies", "*"))
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		unit, found := compiler.Compile(compiler.Input{Name: filepath.Base(path), Text: text}, compiler.Options{})
		if len(found) > 0 || len(unit.Documents) != 1 || len(unit.Documents[0].Policies) != 1 {
			t.Errorf("%s: %d documents, findings %+v", path, len(unit.Documents), found)
			continue
		}
		checkSourceMap(t, filepath.Base(path), unit.Documents[0].Policies[0])
	}
}
