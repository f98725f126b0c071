package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shared are the files that are about no one command: flags that several have, the terminal, and what begins and ends a run.
var shared = []string{
	"cli", "exit", "flags", "help", "complete", "configuration", "prepare", "run", "onepolicy", "known", "outputs", "scopes",
	"bar", "memory", "nofindings", "nosuch", "owner", "print", "timeout",
}

// A command is a file that has its name, and those whose names begin with it. What needs neither flags nor a terminal has a package of
// its own beside this one.
func TestEachFileIsOfACommand(t *testing.T) {
	var commands []string
	for _, cmd := range (&app{}).root().Commands() {
		commands = append(commands, cmd.Name())
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".go")
		if strings.HasSuffix(name, "_test") {
			continue
		}
		has[name] = true
		if !slices.Contains(shared, name) && !slices.ContainsFunc(commands, func(command string) bool { return strings.HasPrefix(name, command) }) {
			t.Errorf("%s is not of a command: give it a package of its own, or the name of its command first", file)
		}
	}
	for _, name := range slices.Concat(commands, shared) {
		if !has[name] && name != "help" && name != "completion" {
			t.Errorf("there is no %s.go", name)
		}
	}
}
