//go:build unix

package disk

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestReplaceWritesToPipes(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(name)
		read <- string(text)
	}()
	if err := Replace(name, writing("new")); err != nil {
		t.Fatal(err)
	}
	if text := <-read; text != "new" {
		t.Errorf("the pipe gave %q", text)
	}
}
