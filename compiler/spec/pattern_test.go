package spec

import "testing"

func TestPatterns(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"keys/**/*.yaml", "keys/a.yaml", true},
		{"keys/**/*.yaml", "keys/b/c/a.yaml", true},
		{"keys/**/*.yaml", "keys2/a.yaml", false},
		{"keys/*.yaml", "keys/b/a.yaml", false},
		{"keys/**.yaml", "keys/a.yaml", true},
		{"keys/**.yaml", "keys/b/c/a.yaml", true},
		{"keys/**.yaml", "keys/a.json", false},
		{"keys**", "keys", true},
		{"keys**", "keys2/b/a.yaml", true},
		{"keys**", "other/a.yaml", false},
		{"a**z/b", "a/x/z/b", true},
		{"keys/[ab]/*.yaml", "keys/a/k.yaml", true},
		{"keys/[ab]/*.yaml", "keys/c/k.yaml", false},
		{"keys/[!ab]/*.yaml", "keys/c/k.yaml", true},
		{"keys/*.{yaml,json}", "keys/a.json", true},
		{"keys/*.{yaml,json}", "keys/a.yml", false},
		{"./*.yaml", "a.yaml", true},
		{"**", "a/b", true},
		{"legacy/**", "legacy", true},
		{"a?c", "abc", true},
		{"a?c", "a/c", false},
		{"a.yaml", "aXyaml", false},
		{`\[x\]`, "[x]", true},
		{"../*.yaml", "../a.yaml", true},
		{"\xff", "a", false},
		{"keys/[ab", "keys/a", false},
	}
	for _, test := range tests {
		if got := NewPatterns(test.pattern).Match(test.path); got != test.want {
			t.Errorf("%q on %q: %v", test.pattern, test.path, got)
		}
	}
}

func TestPatternsThatAreNotValid(t *testing.T) {
	for glob, want := range map[string]bool{"a/*": true, "[ab]": true, "[": false, "a/[b": false, "{a,b": false, "": true, "**": true} {
		if got := ValidPattern(glob); got != want {
			t.Errorf("%q: %v", glob, got)
		}
	}
}
