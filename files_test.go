package keypolicy

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestNamesAreFromTheWorkingFolder(t *testing.T) {
	f := Files{Dir: "home/me"}
	for name, want := range map[string]string{
		".": "home/me", "a.yaml": "home/me/a.yaml", "./a.yaml": "home/me/a.yaml", "../a.yaml": "home/a.yaml", "../../..": ".", "../../../etc/a": "etc/a",
		"/etc/a": "etc/a", "/": ".", "/home/me/a": "home/me/a", "C:/keys/../a": "C:/a",
	} {
		if got := f.path(name); got != want {
			t.Errorf("the path of %q is %q, not %q", name, got, want)
		}
	}
	for p, want := range map[string]string{
		"home/me/a": "a", "home/a": "../a", "home/me": ".", "home": "..", "etc/a": "../../etc/a", ".": "../..", "home/mellow": "../mellow", "C:/a": "C:/a",
	} {
		if got := f.name(p); got != want {
			t.Errorf("the name of %q is %q, not %q", p, got, want)
		}
	}
	windows := Files{Dir: "C:/home"}
	for name, want := range map[string]string{"a": "C:/home/a", "../a": "C:/a", "D:/a": "D:/a"} {
		if got := windows.path(name); got != want {
			t.Errorf("the path of %q is %q, not %q", name, got, want)
		}
	}
	if got := windows.name("C:/a"); got != "../a" {
		t.Errorf("the name is %q", got)
	}
}

func TestTheFirstConfigurationUpToTheRepositorysRoot(t *testing.T) {
	above := fstest.MapFS{".keypolicy.yaml": {Data: []byte("account: \"111122223333\"\n")}}
	tests := map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"above":                 {above, "../../.keypolicy.yaml"},
		"the nearest":           {fstest.MapFS{".keypolicy.yaml": {}, "a/.keypolicy.yaml": {Data: []byte("region: eu-central-1\n")}}, "../.keypolicy.yaml"},
		"not over the root":     {fstest.MapFS{".keypolicy.yaml": {}, "a/.git": {Mode: fs.ModeDir}}, ""},
		"beside the repository": {fstest.MapFS{"b/.keypolicy.yaml": {}, "a/b/x": {}}, ""},
	}
	for name, test := range tests {
		c, err := ReadConfiguration(Files{FS: test.files, Dir: "a/b"}, "")
		if err != nil || c.File != test.want {
			t.Errorf("%s: %q, %v", name, c.File, err)
		}
	}
}
