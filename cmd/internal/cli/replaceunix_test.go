//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestReplaceFileWritesToPipes(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(name)
		read <- string(text)
	}()
	if err := replaceFile(name, writing("new")); err != nil {
		t.Fatal(err)
	}
	if text := <-read; text != "new" {
		t.Errorf("the pipe gave %q", text)
	}
}
