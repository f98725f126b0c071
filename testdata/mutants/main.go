// Command mutants breaks compiler/access on purpose, one rule of the semantics at a time, and runs its tests: each
// mutant must be killed, which is to say that a test fails. It changes no file: it builds with go's -overlay.
//
//	go run ./testdata/mutants [WORD…]
//
// runs those of mutants.txt whose name holds one of the words, or all. It exits with 1 where a mutant survives that the
// list does not say to survive, and with 2 where one cannot be made.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mutant is one edit.
type mutant struct {
	name, file, from, to string
	survives             string // why no test can kill it
}

// trial is what became of a mutant.
type trial struct {
	mutant
	dead bool
	by   string // the test that fails first
	err  error
	took time.Duration
}

// slow are the tests that take long, mostly those of random policies: they run where no other test fails.
const slow = "^(TestEvery|TestNoIs|TestDifferencesAreWhole|TestHostile|TestLaw|TestEquivalent|TestCorpus|TestOracle|Fuzz)"

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
	list = slices.DeleteFunc(list, func(m mutant) bool {
		return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(m.name, w) })
	})
	killed, survived, unexpected, broken := 0, 0, 0, 0
	for t := range all(list, folder) {
		verdict := "killed by " + t.by
		switch {
		case t.err != nil:
			broken++
			verdict = "CANNOT BE MADE: " + t.err.Error()
		case t.dead:
			killed++
		case t.survives != "":
			survived++
			verdict = "survives: " + t.survives
		default:
			unexpected++
			verdict = "SURVIVED"
		}
		fmt.Printf("%-60s %s (%.0fs)\n", t.name, verdict, t.took.Seconds())
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

// all tries the mutants, two at a time, and gives them in the order of the list.
func all(list []mutant, folder string) iter.Seq[trial] {
	done := make([]chan trial, len(list))
	turn := make(chan struct{}, 2)
	for i, m := range list {
		done[i] = make(chan trial, 1)
		go func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			t := trial{mutant: m}
			began := time.Now()
			t.dead, t.by, t.err = m.test(filepath.Join(folder, strconv.Itoa(i)))
			t.took = time.Since(began)
			done[i] <- t
		}()
	}
	return func(yield func(trial) bool) {
		for _, one := range done {
			if !yield(<-one) {
				return
			}
		}
	}
}

// test builds the tests with the edit in a folder of its own, runs the quick ones, and the others where none of them
// fails. It says which fails first.
func (m mutant) test(folder string) (dead bool, by string, err error) {
	binary, err := m.build(folder)
	defer os.RemoveAll(folder)
	if err != nil {
		return false, "", err
	}
	for _, which := range []string{"-test.skip=" + slow, "-test.run=" + slow} {
		tests := exec.Command(binary, which, "-test.failfast", "-test.timeout=5m")
		tests.Dir = filepath.Join("compiler", "access")
		out, err := tests.CombinedOutput()
		var exit *exec.ExitError
		switch {
		case err == nil:
		case !errors.As(err, &exit):
			return false, "", err
		default:
			return true, firstFailure(string(out)), nil
		}
	}
	return false, "", nil
}

// build makes the test binary with the edit.
func (m mutant) build(folder string) (string, error) {
	file, err := filepath.Abs(filepath.Join("compiler", "access", m.file))
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(source), m.from); n != 1 {
		return "", fmt.Errorf("%s has what is to be changed %d times", m.file, n)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	mutated := filepath.Join(folder, m.file)
	if err := os.WriteFile(mutated, []byte(strings.Replace(string(source), m.from, m.to, 1)), 0o600); err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: mutated}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(folder, "overlay.json"), overlay, 0o600); err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "tests")
	out, err := exec.Command("go", "test", "-c", "-o", binary, "-overlay", filepath.Join(folder, "overlay.json"), "-vet=off", "-ldflags=-s -w", "./compiler/access").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("does not build: %w\n%s", err, out)
	}
	return binary, nil
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
