// Command mutants breaks compiler/access on purpose, one rule of the semantics at a time, and runs its tests: each
// mutant must be killed, which is to say that a test fails. It changes no file: it builds with go's -overlay.
//
//	go run ./testdata/mutants [WORD…]
//
// runs those of mutants.txt whose name holds one of the words, or all. It exits with 1 where a mutant survives that the
// list does not say to survive, and with 2 where one cannot be made.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// mutant is one edit.
type mutant struct {
	name, file, from, to string
	survives             string // why no test can kill it
}

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		code = 2
	}
	os.Exit(code)
}

func run(words []string) (int, error) {
	list, err := load("testdata/mutants/mutants.txt")
	if err != nil {
		return 0, err
	}
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	killed, survived, unexpected, broken := 0, 0, 0, 0
	for _, m := range list {
		if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(m.name, w) }) {
			continue
		}
		began := time.Now()
		dead, by, err := m.test(folder)
		verdict := "killed by " + by
		switch {
		case err != nil:
			broken++
			verdict = "CANNOT BE MADE: " + err.Error()
		case dead:
			killed++
		case m.survives != "":
			survived++
			verdict = "survives: " + m.survives
		default:
			unexpected++
			verdict = "SURVIVED"
		}
		fmt.Printf("%-60s %s (%.0fs)\n", m.name, verdict, time.Since(began).Seconds())
	}
	fmt.Printf("%d killed, %d survive as the list says, %d survived\n", killed, survived, unexpected)
	switch {
	case broken > 0:
		return 2, nil
	case unexpected > 0:
		return 1, nil
	}
	return 0, nil
}

// load reads the list: paragraphs of a name, a file, lines with - and lines with +, and a reason to survive where there
// is one.
func load(path string) ([]mutant, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list []mutant
	for _, paragraph := range strings.Split(string(data), "\n\n") {
		var m mutant
		var from, to []string
		for _, line := range strings.Split(strings.Trim(paragraph, "\n"), "\n") {
			switch {
			case strings.HasPrefix(line, "#") || line == "":
			case strings.HasPrefix(line, "-"):
				from = append(from, line[1:])
			case strings.HasPrefix(line, "+"):
				to = append(to, line[1:])
			case strings.HasPrefix(line, "survives: "):
				m.survives = strings.TrimPrefix(line, "survives: ")
			case m.name == "":
				m.name = line
			default:
				m.file = line
			}
		}
		if m.name == "" {
			continue
		}
		m.from, m.to = strings.Join(from, "\n"), strings.Join(to, "\n")
		if m.file == "" || m.from == "" {
			return nil, fmt.Errorf("%s: no file or nothing to change", m.name)
		}
		list = append(list, m)
	}
	return list, nil
}

// test runs the tests with the edit, and says which test fails first.
func (m mutant) test(folder string) (dead bool, by string, err error) {
	file, err := filepath.Abs(filepath.Join("compiler", "access", m.file))
	if err != nil {
		return false, "", err
	}
	source, err := os.ReadFile(file)
	if err != nil {
		return false, "", err
	}
	if n := strings.Count(string(source), m.from); n != 1 {
		return false, "", fmt.Errorf("%s has what is to be changed %d times", m.file, n)
	}
	mutated := filepath.Join(folder, m.file)
	if err := os.WriteFile(mutated, []byte(strings.Replace(string(source), m.from, m.to, 1)), 0o600); err != nil {
		return false, "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: mutated}})
	if err != nil {
		return false, "", err
	}
	if err := os.WriteFile(filepath.Join(folder, "overlay.json"), overlay, 0o600); err != nil {
		return false, "", err
	}
	out, err := exec.Command("go", "test", "-overlay", filepath.Join(folder, "overlay.json"), "-vet=off", "-ldflags=-s -w", "-failfast", "-timeout=5m", "./compiler/access").CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, "", nil
	case !errors.As(err, &exit), bytes.Contains(out, []byte("[build failed]")), bytes.Contains(out, []byte("[setup failed]")):
		return false, "", fmt.Errorf("does not build: %w\n%s", err, out)
	}
	return true, firstFailure(string(out)), nil
}

func firstFailure(out string) string {
	for _, line := range strings.Split(out, "\n") {
		if name, ok := strings.CutPrefix(line, "--- FAIL: "); ok {
			return strings.Fields(name)[0]
		}
		if strings.HasPrefix(line, "panic: ") {
			return line
		}
	}
	return "no test by name"
}
