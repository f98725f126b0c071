// Command mutants breaks compiler/access on purpose, one rule of the semantics at a time, and runs its tests: each
// mutant must be killed, which is to say that a test fails. It changes no file: it builds, with go's -overlay, one test binary that
// has every mutant's function beside the right one, and runs it once for each.
//
//	go run ./testdata/mutants [-from N] [-to N] [WORD…]
//
// runs those of mutants.txt whose name holds one of the words, or all. Each line of the output begins with the mutant's
// number in the list: -from continues a run that was interrupted, and -from and -to together run a part of the list. It
// exits with 1 where a mutant survives that the list does not say to survive, and with 2 where one cannot be made.
package main

import (
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/keypolicy/keypolicy/testdata/mutants/mutant"
)

// home is the package that is broken.
const home = "compiler/access"

// trial is what became of a mutant.
type trial struct {
	numbered
	dead bool
	by   string // the test that fails first
	err  error
	took time.Duration
}

// numbered is a mutant with its place in the list, from 1.
type numbered struct {
	mutant.Mutant
	number int
}

// slow are the tests that take long, mostly those of random policies: they run where no other test fails.
const slow = "^(TestEvery|TestNoIs|TestDifferencesAreWhole|TestHostile|TestLaw|TestEquivalent|TestCorpus|TestOracle|Fuzz)"

// ofTheList is the test of the list itself, which kills nothing.
const ofTheList = "^TestMutantsFitTheCode$"

func main() {
	from := flag.Int("from", 1, "number of the first mutant to run")
	to := flag.Int("to", 0, "number of the last mutant to run, 0 for the end of the list")
	flag.Parse()
	code, err := run(*from, *to, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		code = 2
	}
	os.Exit(code)
}

func run(from, to int, words []string) (int, error) {
	all, err := mutant.Load("testdata/mutants/mutants.txt")
	if err != nil {
		return 0, err
	}
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	list := chosen(all, from, to, words)
	if len(list) == 0 {
		return 0, fmt.Errorf("none of the %d mutants is chosen", len(all))
	}
	var built []mutant.Mutant
	for _, m := range list {
		built = append(built, m.Mutant)
	}
	binary, err := mutant.Build(built, home, folder)
	if err != nil {
		return 0, err
	}
	killed, survived, unexpected := 0, 0, 0
	for t := range trials(list, binary) {
		verdict := "killed by " + t.by
		switch {
		case t.err != nil:
			return 0, t.err
		case t.dead:
			killed++
		case t.Survives != "":
			survived++
			verdict = "survives: " + t.Survives
		default:
			unexpected++
			verdict = "SURVIVED"
		}
		fmt.Printf("%3d %-60s %s (%.0fs)\n", t.number, t.Name, verdict, t.took.Seconds())
	}
	fmt.Printf("%d killed, %d survive as the list says, %d survived\n", killed, survived, unexpected)
	if unexpected > 0 {
		return 1, nil
	}
	return 0, nil
}

// chosen are the mutants from a number to another, 0 for the last, whose name holds one of the words, or any where there
// are none.
func chosen(list []mutant.Mutant, from, to int, words []string) []numbered {
	var out []numbered
	for i, m := range list {
		inRange := i+1 >= from && (to == 0 || i+1 <= to)
		if inRange && (len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return strings.Contains(m.Name, w) })) {
			out = append(out, numbered{Mutant: m, number: i + 1})
		}
	}
	return out
}

// trials tries the mutants, two at a time, and gives them in the order of the list.
func trials(list []numbered, binary string) iter.Seq[trial] {
	done := make([]chan trial, len(list))
	for i := range done {
		done[i] = make(chan trial, 1)
	}
	var next atomic.Int64
	for range 2 {
		go func() {
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				t := trial{numbered: list[i]}
				began := time.Now()
				t.dead, t.by, t.err = test(binary, i+1)
				t.took = time.Since(began)
				done[i] <- t
			}
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

// test runs the quick tests with a mutant, and the others where none of them fails. It says which fails first.
func test(binary string, number int) (dead bool, by string, err error) {
	for _, which := range []string{"-test.skip=" + ofTheList + "|" + slow, "-test.run=" + slow} {
		tests := exec.Command(binary, which, "-test.failfast", "-test.timeout=10m")
		tests.Dir = home
		tests.Env = append(os.Environ(), fmt.Sprintf("KEYPOLICY_MUTANT=%d", number))
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
