package keypolicy

import "testing"

func TestGlobs(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"keys/**/*.yaml", "keys/a.yaml", true},
		{"keys/**/*.yaml", "keys/b/c/a.yaml", true},
		{"keys/**/*.yaml", "keys2/a.yaml", false},
		{"keys/*.yaml", "keys/b/a.yaml", false},
		{"./*.yaml", "a.yaml", true},
		{"**", "a/b", true},
		{"a?c", "abc", true},
		{"a?c", "a/c", false},
		{"a.yaml", "aXyaml", false},
		{"[x]", "[x]", true},
		{"\xff", "a", false},
	}
	for _, test := range tests {
		if got := newGlobs([]string{test.pattern}).match(test.path); got != test.want {
			t.Errorf("%q on %q: %v", test.pattern, test.path, got)
		}
	}
}
