package keypolicy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// outside is a program of another module: ten lines lint a folder.
const outside = `package main

import (
	"context"
	"fmt"
	"os"

	"github.com/keypolicy/keypolicy"
)

func main() {
	linter, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: os.DirFS(".")}})
	if err != nil {
		panic(err)
	}
	result, err := linter.Lint(context.Background())
	if err != nil {
		panic(err)
	}
	for _, f := range result.Findings {
		fmt.Println(f.File, f.Line, f.Severity, f.Rule)
	}
}
`

func TestAnotherModuleLints(t *testing.T) {
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	// The versions of the module itself, so that nothing is looked up.
	required := string(module)[strings.Index(string(module), "\ngo "):]
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                "module example.com/outside\n" + required + "\nrequire github.com/keypolicy/keypolicy v0.0.0\n\nreplace github.com/keypolicy/keypolicy => " + root + "\n",
		"go.sum":                string(sums),
		"main.go":               outside,
		"keys/a.keypolicy.yaml": "account: \"111122223333\"\nkey_admins_roles: [KeyAdmin, Security]\nkey_users: [\"*\"]\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "outside.exe")
	build := exec.CommandContext(t.Context(), "go", "build", "-mod=mod", "-o", program, ".")
	build.Dir, build.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	run := exec.CommandContext(t.Context(), program)
	run.Dir = dir
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "keys/a.keypolicy.yaml 3 error wildcard-principal\n") {
		t.Errorf("%v: %s", err, out)
	}
}
