package disk

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// What is read is in the repository or is named, or a link leads there from such a place. Each of the ways to read a file agrees.
func TestRootsReadWhatIsNamed(t *testing.T) {
	top := t.TempDir()
	at := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	for _, name := range []string{"repository/.git/config", "repository/keys/a", "named/deep/a", "named/one", "secret/a", "single/one", "single/other", "single/folder/a"} {
		if err := os.MkdirAll(filepath.Dir(at(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{
		"repository/in": "keys/a", "repository/absolute": at("repository/keys"), "repository/keys/up": "../../named/deep", "repository/out": "../secret/a",
		"repository/far": at("secret"), "repository/chosen": "../single/one", "repository/circle": "too many links", "repository/gone": "nothing", "named/deep/back": "../one",
		"named/out":       "../secret/a",
		"repository/far2": "../secret/chain", "secret/chain": "../single/folder",
	} {
		if err := os.Symlink(filepath.FromSlash(to), at(link)); err != nil {
			t.Skipf("this system makes no links: %v", err)
		}
	}
	t.Chdir(at("repository/keys"))
	roots, err := NewRoots()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../../named", "../chosen", "../far2", "no-such-file"} {
		roots.Name(name)
	}
	for name, want := range map[string]string{
		"repository/keys/a": "repository/keys/a", "repository/in": "repository/keys/a", "repository/absolute/a": "repository/keys/a",
		"repository/keys/up/a": "named/deep/a", "repository/keys/up/back": "named/one", "named/deep/back": "named/one", "repository/chosen": "single/one",
		"single/one": "single/one", "repository/far2/a": "single/folder/a", "secret/nothing": "no such file", "single/other": "outside", "secret/a": "outside", "repository/out": "outside", "repository/far/a": "outside", "named/out": "outside",
		"repository/circle": "too many links", "repository/gone": "no such file", "repository/keys/../../secret/a": "outside",
	} {
		p := strings.TrimPrefix(filepath.ToSlash(at(name)), "/")
		text, err := fs.ReadFile(roots, p)
		_, statErr := fs.Stat(roots, p)
		switch {
		case err == nil && (string(text) != want || statErr != nil):
			t.Errorf("%s is %s (%v), want %s", name, text, statErr, want)
		case err != nil && (!strings.Contains(err.Error(), want) || statErr == nil):
			t.Errorf("%s: %v and %v, want %s", name, err, statErr, want)
		}
		info, err := fs.Lstat(roots, p)
		if own, ownErr := os.Lstat(at(name)); err == nil && (ownErr != nil || info.Mode() != own.Mode()) {
			t.Errorf("%s: %v, want %v", name, info.Mode(), own.Mode())
		}
	}
	if to, err := fs.ReadLink(roots, strings.TrimPrefix(filepath.ToSlash(at("repository/out")), "/")); err != nil || to != "../secret/a" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	sub, err := fs.Sub(roots, strings.TrimPrefix(filepath.ToSlash(at("repository/keys")), "/"))
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(sub, "a"); err != nil {
		t.Error(err)
	}
}
