//go:build unix

package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// A run that is asked to end, as by a terminal that hangs up, brings what it has begun to its end.
func TestASignalEndsARunInOrder(t *testing.T) {
	bin := build(t)
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			server := kmstest.NewServer(t)
			proxy := kmstest.NewProxy(t, server.URL)
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "a.keypolicy.yaml"), []byte("key: "+server.Add(kmstest.Key{})+"\nkey_users_roles: [a]\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			command := exec.Command(filepath.Join(bin, "keypolicy"), "apply", "--yes", "--format", "json")
			command.Dir = folder
			command.Env = os.Environ()
			for name, value := range kmstest.Variables(folder, proxy.URL, kmstest.AccessKey, kmstest.Secret) {
				command.Env = append(command.Env, name+"="+value)
			}
			var out, errs bytes.Buffer
			command.Stdout, command.Stderr = &out, &errs
			var once sync.Once
			proxy.Before = func(r kmstest.Request) {
				if r.Operation == "PutKeyPolicy" {
					once.Do(func() { _ = command.Process.Signal(signal) })
				}
			}
			if err := command.Run(); err != nil {
				t.Errorf("%v: %s", err, errs.String())
			}
			if !strings.Contains(out.String(), `"state": "updated"`) {
				t.Errorf("%s%s", out.String(), errs.String())
			}
			journals, _ := filepath.Glob(filepath.Join(folder, ".keypolicy", "*", "journal.jsonl"))
			if len(journals) != 1 {
				t.Fatalf("%v", journals)
			}
			if text, err := os.ReadFile(journals[0]); err != nil || !strings.Contains(string(text), `"event":"end"`) {
				t.Errorf("%v: %s", err, text)
			}
		})
	}
}
