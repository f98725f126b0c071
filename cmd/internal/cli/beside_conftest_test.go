//go:build unix

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// twoRules are about as little as conftest can be given.
const twoRules = `package main

import rego.v1

deny contains msg if {
	some st in input.Statement
	st.Effect == "Allow"
	st.Principal == "*"
	msg := sprintf("statement %s is for everyone", [st.Sid])
}

deny contains msg if {
	some st in input.Statement
	some action in st.Action
	action == "kms:NoSuchAction"
	msg := sprintf("statement %s has %s", [st.Sid, action])
}
`

// BenchmarkBesideConftest runs `lint` with every rule and conftest with two, by turns, as programs: on one file, on 1,000 and on
// 10,000. .ci/compare builds both.
func BenchmarkBesideConftest(b *testing.B) {
	keypolicy, conftest := os.Getenv("KEYPOLICY_PROGRAM"), os.Getenv("CONFTEST_PROGRAM")
	if keypolicy == "" || conftest == "" {
		b.Skip("KEYPOLICY_PROGRAM and CONFTEST_PROGRAM are not set: run .ci/compare")
	}
	for _, specs := range []int{1, 1_000, 10_000} {
		b.Run(fmt.Sprint(specs), func(b *testing.B) {
			b.Chdir(b.TempDir())
			writeOrganization(b, "keys", specs)
			runProgram(b, keypolicy, "compile", "--quiet", "-o", "compiled", "keys")
			if err := os.Mkdir("policy", 0o750); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile("policy/rules.rego", []byte(twoRules), 0o600); err != nil {
				b.Fatal(err)
			}
			var ours, theirs cost
			for b.Loop() {
				ours.add(runProgram(b, keypolicy, "lint", "--quiet", "keys"))
				theirs.add(runProgram(b, conftest, "test", "--output", "json", "compiled"))
			}
			n := float64(b.N)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours.wall.Seconds()/n, "s")
			b.ReportMetric(theirs.wall.Seconds()/n, "conftest-s")
			b.ReportMetric(ours.wall.Seconds()/theirs.wall.Seconds(), "×wall")
			b.ReportMetric(ours.work.Seconds()/theirs.work.Seconds(), "×CPU")
			b.ReportMetric(float64(ours.memory)/1024, "MB")
		})
	}
}

// cost is what programs took.
type cost struct {
	wall, work time.Duration
	memory     int64 // at most; in KB on Linux
}

func (c *cost) add(other cost) {
	c.wall += other.wall
	c.work += other.work
	c.memory = max(c.memory, other.memory)
}

func runProgram(b *testing.B, name string, args ...string) cost {
	b.Helper()
	command := exec.CommandContext(b.Context(), name, args...)
	began := time.Now()
	if err := command.Run(); err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	state := command.ProcessState
	used, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("the system does not say what a program took")
	}
	return cost{wall: time.Since(began), work: state.UserTime() + state.SystemTime(), memory: used.Maxrss}
}
