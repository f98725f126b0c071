//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

func TestAConfigurationOfAnotherUserIsRefused(t *testing.T) {
	server, _ := pushing(t)
	const stranger = 424242
	cli.OwnedBy(t, stranger)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"plan", "keys"}, {"apply", "--yes", "keys"}, {"apply", "--resume"}, {"import", "alias/payments"}, {"import", "--all", "-o", "out"}} {
		r := keypolicy(t, "", args...)
		says(t, r, 2, ".keypolicy.yaml belongs to another user (user id 424242), so AWS is not called with its settings: check the file, and then name it with `--config .keypolicy.yaml`, or set KEYPOLICY_SAFE_DIRECTORY="+here)
	}
	if calls := server.Calls(); len(calls) > 0 {
		t.Errorf("AWS was asked %v", calls)
	}
	says(t, keypolicy(t, "", "lint", "keys"), 0, "warning: .keypolicy.yaml belongs to another user (user id 424242): plan, apply and import refuse it")
	expect(t, keypolicy(t, "", "plan", "--format", "json", "--config", ".keypolicy.yaml", "keys"), 0, map[string]int{"change": 1})
	for _, allowed := range []string{here, "/nowhere:" + here + "/", "*"} {
		t.Setenv("KEYPOLICY_SAFE_DIRECTORY", allowed)
		expect(t, keypolicy(t, "", "plan", "--format", "json", "keys"), 0, map[string]int{"change": 1})
		if r := keypolicy(t, "", "lint", "keys"); strings.Contains(r.errors, "another user") {
			t.Errorf("%s: %s", allowed, r.errors)
		}
	}
	t.Setenv("KEYPOLICY_SAFE_DIRECTORY", "/nowhere")
	says(t, keypolicy(t, "", "plan", "keys"), 2, "belongs to another user")
	t.Setenv("KEYPOLICY_SAFE_DIRECTORY", "")
	cli.OwnedBy(t, 0)
	expect(t, keypolicy(t, "", "plan", "--format", "json", "keys"), 0, map[string]int{"change": 1})
	cli.OwnedBy(t, uint32(os.Geteuid()))
	expect(t, keypolicy(t, "", "plan", "--format", "json", "keys"), 0, map[string]int{"change": 1})
	if server.Count("PutKeyPolicy") > 0 {
		t.Error("something was changed")
	}
}

// A link is not a way to have another user's configuration obeyed: neither the link, nor what it leads to, nor their folders
// may be another user's.
func TestALinkedConfigurationOfAnotherUserIsRefused(t *testing.T) {
	server, _ := pushing(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	target := filepath.Join(elsewhere, "shared.yaml")
	text, err := os.ReadFile(".keypolicy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, target, string(text))
	middle := filepath.Join(elsewhere, "middle.yaml")
	for _, err := range []error{os.Remove(".keypolicy.yaml"), os.Symlink("shared.yaml", middle), os.Symlink(middle, ".keypolicy.yaml")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	expect(t, keypolicy(t, "", "plan", "--format", "json", "keys"), 0, map[string]int{"change": 1})
	calls := len(server.Calls())
	for _, path := range []string{filepath.Join(here, ".keypolicy.yaml"), here, middle, target, elsewhere} {
		t.Run(path, func(t *testing.T) {
			cli.OwnedByAt(t, path, 424242)
			says(t, keypolicy(t, "", "plan", "keys"), 2, "belongs to another user (user id 424242)")
			if len(server.Calls()) != calls {
				t.Error("AWS was asked")
			}
		})
	}
}
