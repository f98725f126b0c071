package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestKilledInTheMidst kills a compile of many specs while it writes: each output is then whole, the old one or the
// new one, what was being written beside them is not an output, and the next run finishes the work.
func TestKilledInTheMidst(t *testing.T) {
	const specs = 200
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), "keypolicy", args...)
		cmd.Dir = dir
		return cmd
	}
	specify := func(role string) {
		for i := range specs {
			write(fmt.Sprintf("k%d.keypolicy.yaml", i), "key_admins_roles: ["+role+"]\n")
		}
	}
	write(".keypolicy.yaml", "account: \"111122223333\"\noutput: out\n")
	specify("Before")
	if text, err := command("compile", "-o", "out").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	whole := contents(t, out)
	specify("After")
	cmd := command("compile", "-o", "out", "--verbose")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for n := 0; n < specs/4 && lines.Scan(); { // it has begun to write, and has more to do
		if strings.HasPrefix(lines.Text(), "keypolicy: wrote ") {
			n++
		}
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	written := 0
	for name, text := range contents(t, out) {
		switch text {
		case whole[name]:
		case strings.ReplaceAll(whole[name], "role/Before", "role/After"):
			written++
		default:
			t.Errorf("%s is neither the old policy nor the new one: %q", name, text)
		}
	}
	if written == 0 || len(contents(t, out)) != specs {
		t.Errorf("%d policies were written, of %d", written, len(contents(t, out)))
	}
	if err := os.WriteFile(filepath.Join(out, ".k0.json.1234"), []byte("{"), 0o600); err != nil { // as a kill leaves it
		t.Fatal(err)
	}
	if text, err := command("compile", "-o", "out").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if text, err := command("compile", "--check").Output(); err != nil || len(text) > 0 {
		t.Errorf("%v: %s", err, text)
	}
}

// contents are a folder's outputs.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = string(text)
	}
	return all
}
