package disk

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writing(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

func TestReplaceThroughLinks(t *testing.T) {
	for name, test := range map[string]struct {
		link, end string
		there     bool
	}{
		"a link":            {"real.json", "real.json", true},
		"a link to nothing": {"real.json", "real.json", false},
		"into a folder":     {"folder/real.json", "folder/real.json", true},
		"by two links":      {"second", "real.json", true},
	} {
		dir := t.TempDir()
		at := func(name string) string { return filepath.Join(dir, name) }
		check := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		check(os.Mkdir(at("folder"), 0o700))
		check(os.Symlink("real.json", at("second")))
		check(os.Symlink(test.link, at("first")))
		if test.there {
			check(os.WriteFile(at(test.end), []byte("old"), 0o640))
		}
		check(Replace(at("first"), writing("new")))
		if text, err := os.ReadFile(at(test.end)); err != nil || string(text) != "new" {
			t.Errorf("%s: %v %s", name, err, text)
		}
		if info, err := os.Lstat(at("first")); err != nil || info.Mode().Type() != fs.ModeSymlink {
			t.Errorf("%s: the link was replaced", name)
		}
	}
	dir := t.TempDir()
	circle := filepath.Join(dir, "a")
	if err := os.Symlink("a", circle); err != nil {
		t.Fatal(err)
	}
	if err := Replace(circle, writing("new")); err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("a circle: %v", err)
	}
}

func TestReplaceKeepsTheMode(t *testing.T) {
	dir := t.TempDir()
	name, fresh, expected := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o604, 0o755} {
		if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		if err := Replace(name, writing("new")); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%v: the mode is %v, not %v", err, info.Mode(), mode)
		}
	}
	if err := Replace(fresh, writing("new")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(expected, nil, 0o666); err != nil { // what the umask leaves
		t.Fatal(err)
	}
	a, _ := os.Stat(fresh)
	b, _ := os.Stat(expected)
	if a.Mode() != b.Mode() {
		t.Errorf("a new file has the mode %v, not %v", a.Mode(), b.Mode())
	}
}
