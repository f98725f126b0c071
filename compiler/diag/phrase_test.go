package diag_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func TestPhrase(t *testing.T) {
	for sentence, want := range map[string]string{
		"":                       "",
		".":                      "",
		"Name the role.":         "name the role",
		"Name it. AWS knows it.": "name it. AWS knows it",
		"AWS does it.":           "AWS does it",
		"A role is named.":       "a role is named",
		"S3 does.":               "S3 does",
		"`Key` is one.":          "`Key` is one",
		"Principal is missing.":  "Principal is missing",
		"Énoncer le rôle.":       "énoncer le rôle",
		"write it":               "write it",
	} {
		if got := diag.Phrase(sentence); got != want {
			t.Errorf("%q became %q, not %q", sentence, got, want)
		}
	}
}

func TestJoin(t *testing.T) {
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := diag.Join(words, "or"); got != want {
			t.Errorf("%q became %q, not %q", words, got, want)
		}
	}
}
