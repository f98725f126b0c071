package facts

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern, s  string
		exact, fold bool
	}{
		{"", "", true, true},
		{"", "a", false, false},
		{"*", "", true, true},
		{"*", "kms:Decrypt", true, true},
		{"?", "", false, false},
		{"?", "é", true, true},
		{"??", "é", false, false},
		{"kms:*", "kms:Decrypt", true, true},
		{"KMS:DECRYPT", "kms:Decrypt", false, true},
		{"kms:Verify*", "kms:Verify", true, true},
		{"kms:Verify?*", "kms:Verify", false, false},
		{"kms:Verify?*", "kms:VerifyMac", true, true},
		{"*Key", "kms:DescribeKey", true, true},
		{"*Key", "kms:DescribeKeys", false, false},
		{"a*b*c", "aXbXbXc", true, true},
		{"a*b*c", "aXbXbX", false, false},
		{"*aab", "aaaaab", true, true},
		{"a**c", "abc", true, true},
		{"a", "*", false, false},
		{"[a-z]", "b", false, false},
		{`\*`, "*", false, false},
		{"Ä*", "äpfel", false, true},
	}
	for _, tt := range tests {
		if got := Glob(tt.pattern, tt.s); got != tt.exact {
			t.Errorf("Glob(%q, %q) = %v", tt.pattern, tt.s, got)
		}
		if got := GlobFold(tt.pattern, tt.s); got != tt.fold {
			t.Errorf("GlobFold(%q, %q) = %v", tt.pattern, tt.s, got)
		}
	}
}

// translate writes a pattern as a regular expression: a second opinion about what it matches.
func translate(pattern, flags string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`\A(?s` + flags + `:`)
	for _, r := range pattern {
		switch r {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteString(`)\z`)
	return regexp.MustCompile(b.String())
}

// TestGlobAgreesWithRegexp tries every pattern and text of up to five and six characters of a small alphabet.
func TestGlobAgreesWithRegexp(t *testing.T) {
	patterns, texts := words("aA*?", 5), words("aAb", 5)
	for _, p := range patterns {
		exact, fold := translate(p, ""), translate(p, "i")
		for _, s := range texts {
			if got, want := Glob(p, s), exact.MatchString(s); got != want {
				t.Fatalf("Glob(%q, %q) = %v, want %v", p, s, got, want)
			}
			if got, want := GlobFold(p, s), fold.MatchString(s); got != want {
				t.Fatalf("GlobFold(%q, %q) = %v, want %v", p, s, got, want)
			}
		}
	}
}

// words returns every word of up to n characters of an alphabet.
func words(alphabet string, n int) []string {
	all := []string{""}
	last := all
	for range n {
		var longer []string
		for _, w := range last {
			for _, c := range alphabet {
				longer = append(longer, w+string(c))
			}
		}
		all = append(all, longer...)
		last = longer
	}
	return all
}

func FuzzGlob(f *testing.F) {
	f.Add("kms:*", "kms:Decrypt")
	f.Add("*a*?b", "aab")
	f.Add("ü?*", "üß\n")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(s) {
			t.Skip("policies are valid UTF-8")
		}
		if got, want := Glob(pattern, s), translate(pattern, "").MatchString(s); got != want {
			t.Errorf("Glob(%q, %q) = %v, want %v", pattern, s, got, want)
		}
		if Glob(pattern, s) && !GlobFold(pattern, s) {
			t.Errorf("GlobFold(%q, %q) is stricter than Glob", pattern, s)
		}
		if !Glob("*"+pattern+"*", s+pattern+s) {
			t.Errorf("%q is not found in %q", pattern, s+pattern+s)
		}
	})
}
