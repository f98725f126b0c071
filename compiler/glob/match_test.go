package glob

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMatch(t *testing.T) {
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
		if got := Match(tt.pattern, tt.s); got != tt.exact {
			t.Errorf("Match(%q, %q) = %v", tt.pattern, tt.s, got)
		}
		if got := MatchFold(tt.pattern, tt.s); got != tt.fold {
			t.Errorf("MatchFold(%q, %q) = %v", tt.pattern, tt.s, got)
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

// TestMatchAgreesWithRegexp tries every pattern and text of up to five and six characters of a small alphabet.
func TestMatchAgreesWithRegexp(t *testing.T) {
	patterns, texts := words("aA*?", 5), words("aAb", 5)
	for _, p := range patterns {
		exact, fold := translate(p, ""), translate(p, "i")
		for _, s := range texts {
			if got, want := Match(p, s), exact.MatchString(s); got != want {
				t.Fatalf("Match(%q, %q) = %v, want %v", p, s, got, want)
			}
			if got, want := MatchFold(p, s), fold.MatchString(s); got != want {
				t.Fatalf("MatchFold(%q, %q) = %v, want %v", p, s, got, want)
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

func FuzzMatch(f *testing.F) {
	f.Add("kms:*", "kms:Decrypt")
	f.Add("*a*?b", "aab")
	f.Add("ü?*", "üß\n")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(s) {
			t.Skip("policies are valid UTF-8")
		}
		if got, want := Match(pattern, s), translate(pattern, "").MatchString(s); got != want {
			t.Errorf("Match(%q, %q) = %v, want %v", pattern, s, got, want)
		}
		if Match(pattern, s) && !MatchFold(pattern, s) {
			t.Errorf("MatchFold(%q, %q) is stricter than Match", pattern, s)
		}
		if !Match("*"+pattern+"*", s+pattern+s) {
			t.Errorf("%q is not found in %q", pattern, s+pattern+s)
		}
	})
}
