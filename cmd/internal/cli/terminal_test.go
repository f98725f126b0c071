package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

// asTerminal is a stream that a command takes for a terminal.
type asTerminal struct{ bytes.Buffer }

func (*asTerminal) Stat() (os.FileInfo, error) { return os.Stat(os.DevNull) } // a device of characters, as a terminal is

// What helps people and would disturb a log is written to a terminal only: how to see what is only counted, and how far a run is.
func TestTerminalOnly(t *testing.T) {
	folder := t.TempDir()
	for i := range 50 {
		spec := "account: \"111122223333\"\nkey_admins_roles: [KeyAdmin]\nkey_users_roles: [app]\n"
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("k%02d.keypolicy.yaml", i)), []byte(spec), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const hint, progress = "--min-severity info shows the info", "checking files"
	for name, c := range map[string]struct {
		path           string
		flags          []string
		hint, progress bool
	}{
		"many files": {folder, nil, true, true},
		"one file":   {filepath.Join(folder, "k00.keypolicy.yaml"), nil, true, false},
		"info shown": {filepath.Join(folder, "k00.keypolicy.yaml"), []string{"--min-severity", "info"}, false, false},
		"quiet":      {folder, []string{"--quiet"}, false, false},
	} {
		args := append([]string{"lint", c.path}, c.flags...)
		var terminal asTerminal
		var log, out bytes.Buffer
		cli.Main(context.Background(), args, cli.Stdio{Out: &out, Err: &terminal})
		cli.Main(context.Background(), args, cli.Stdio{Out: &out, Err: &log})
		for text, want := range map[string]bool{hint: c.hint, progress: c.progress} {
			if got := strings.Contains(terminal.String(), text); got != want {
				t.Errorf("%s: a terminal is shown %q: %t, want %t\n%s", name, text, got, want, terminal.String())
			}
			if strings.Contains(log.String(), text) || strings.Contains(out.String(), text) {
				t.Errorf("%s: %q is written to what is not a terminal", name, text)
			}
		}
	}
}
