package rules

import (
	"os"
	"testing"
)

// Every rule has a page in docs/rules, which is written from its METADATA and its examples.
func TestEveryRuleHasItsPage(t *testing.T) {
	set, err := Load(t.Context(), Options{Today: "2026-01-31"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range set.Names() {
		if got, want := PageURL(name), pages+name+".md"; got != want {
			t.Errorf("the page of %s is %q", name, got)
		}
		if _, err := os.Stat("../docs/rules/" + name + ".md"); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"", "schema", "syntax", "compile", "own-rule", "lib"} {
		if got := PageURL(name); got != "" {
			t.Errorf("%q, which is not a built-in rule, has the page %s", name, got)
		}
	}
}
