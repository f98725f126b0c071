package gitfs_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/keypolicy/keypolicy/cmd/internal/gitfs"
)

// repository makes one with a first commit of the files, and works in it.
func repository(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	run(t, "init", "-q")
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "add", "-A")
	run(t, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "a")
}

func run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "git", args...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v: %s", args, err, out)
	}
}

func open(t *testing.T, name string) *gitfs.FS {
	t.Helper()
	f, err := gitfs.Open(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func TestARevisionIsAFileSystem(t *testing.T) {
	repository(t, map[string]string{"a.yaml": "a: 1\n", "keys/b.yaml": "b", "keys/deep/c.yaml": "", "umlaut-ä.yaml": "ä\n", "line\nbreak.yaml": "x"})
	if err := fstest.TestFS(open(t, "HEAD"), "a.yaml", "keys/b.yaml", "keys/deep/c.yaml", "umlaut-ä.yaml", "line\nbreak.yaml"); err != nil {
		t.Error(err)
	}
}

func TestTheRevisionIsReadAndNotTheWorkingTree(t *testing.T) {
	repository(t, map[string]string{"a.yaml": "old"})
	if err := os.WriteFile("a.yaml", []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, "HEAD")
	if text, err := fs.ReadFile(f, "a.yaml"); err != nil || string(text) != "old" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := fs.Stat(f, "b.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
}

// What a link of the revision leads to is not in the revision.
func TestLinksAreLeftOut(t *testing.T) {
	repository(t, map[string]string{"a.yaml": "a"})
	if err := os.Symlink("/etc/hosts", "link.yaml"); err != nil {
		t.Fatal(err)
	}
	run(t, "add", "-A")
	run(t, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "b")
	if _, err := fs.Stat(open(t, "HEAD"), "link.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
}

func TestATextThatIsNotInTheCloneIsSaidSo(t *testing.T) {
	repository(t, map[string]string{"a.yaml": "a", "b.yaml": "b"})
	f := open(t, "HEAD")
	id, err := gitfs.Run(t.Context(), "rev-parse", "HEAD:a.yaml")
	if err != nil {
		t.Fatal(err)
	}
	object := strings.TrimSpace(string(id))
	if err := os.Remove(filepath.Join(".git", "objects", object[:2], object[2:])); err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadFile(f, "a.yaml"); err == nil || !strings.Contains(err.Error(), "a.yaml at HEAD is not in this clone, and nothing is fetched") {
		t.Errorf("the error is %v", err)
	}
	if text, err := fs.ReadFile(f, "b.yaml"); err != nil || string(text) != "b" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestARevisionThatThereIsNot(t *testing.T) {
	repository(t, map[string]string{"a.yaml": "a"})
	if _, err := gitfs.Open(t.Context(), "--all"); err == nil || err.Error() != "git has no revision `--all`" {
		t.Errorf("the error is %v", err)
	}
}
