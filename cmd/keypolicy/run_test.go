package main_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// goRun begins a command that a reader of the pages runs before anything is installed.
const goRun = "go run ./cmd/keypolicy "

// runHere runs what a page says of the project's own folder. The commands that take
// the network or a long time are known by name and not used.
func runHere(t *testing.T, bin, body string) {
	t.Helper()
	left := []string{"go test ", "go install github.com/keypolicy/", ".ci/run"}
	for line := range strings.Lines(body) {
		command, _, _ := strings.Cut(strings.TrimSpace(line), "  #")
		if arguments, is := strings.CutPrefix(command, goRun); is {
			if output, err := shell(bin, root(t), "keypolicy "+arguments).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", command, err, output)
			}
			continue
		}
		known := false
		for _, prefix := range left {
			known = known || strings.HasPrefix(command, prefix)
		}
		if !known {
			t.Errorf("%s is held by no test", command)
		}
	}
}

// built is a folder with the keypolicy of this tree, and what building it said.
var built struct{ folder, fault string }

func TestMain(m *testing.M) {
	flag.Parse()
	folder, err := os.MkdirTemp("", "keypolicy")
	if err != nil {
		panic(err)
	}
	built.folder = folder
	if output, err := exec.Command("go", "build", "-o", filepath.Join(folder, "keypolicy"), ".").CombinedOutput(); err != nil {
		built.fault = fmt.Sprintf("go build: %v\n%s", err, output)
	}
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func build(t *testing.T) string {
	t.Helper()
	if built.fault != "" {
		t.Fatal(built.fault)
	}
	return built.folder
}

// shell prepares a command line that finds the built keypolicy.
func shell(bin, folder, script string) *exec.Cmd {
	command := exec.Command("sh", "-c", script)
	command.Dir = folder
	command.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return command
}
