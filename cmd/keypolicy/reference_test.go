package main_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestReference holds docs/rules.md and docs/rules to what the rules and their examples are now: every rule has its page, and a
// page that is left of a rule that is gone is a failure too.
func TestReference(t *testing.T) {
	made := t.TempDir()
	if output, err := shell(build(t), made, "keypolicy rules --format markdown -o .").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	want := rulePages(t, made)
	if len(want) < 100 {
		t.Fatalf("%d pages were written", len(want))
	}
	docs := filepath.Join(root(t), "docs")
	if *update {
		writePages(t, docs, want)
	}
	for _, fault := range stalePages(rulePages(t, docs), want) {
		t.Errorf("docs/%s: go test ./cmd/keypolicy -run TestReference -update", fault)
	}
}

// rulePages reads the index and the pages of a folder, by their path in it.
func rulePages(t *testing.T, dir string) map[string]string {
	t.Helper()
	pages := map[string]string{}
	files, err := filepath.Glob(filepath.Join(dir, "rules", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, filepath.Join(dir, "rules.md")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.ToSlash(name)] = string(text)
	}
	return pages
}

// stalePages says which pages are missing, out of date or of no rule.
func stalePages(have, want map[string]string) []string {
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch text, is := have[name]; {
		case !is:
			faults = append(faults, name+" is missing")
		case text != want[name]:
			faults = append(faults, name+" is out of date")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, is := want[name]; !is {
			faults = append(faults, name+" is the page of a rule that does not exist")
		}
	}
	return faults
}

// writePages makes the folder's pages the wanted ones, and removes those of rules that are gone.
func writePages(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, "rules")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "rules"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPagesOfRemovedRulesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	writePages(t, dir, map[string]string{"rules.md": "two", "rules/kept.md": "old", "rules/gone.md": "x"})
	want := map[string]string{"rules.md": "one", "rules/kept.md": "new", "rules/added.md": "y"}
	faults := []string{
		"rules.md is out of date", "rules/added.md is missing", "rules/kept.md is out of date", "rules/gone.md is the page of a rule that does not exist",
	}
	if got := stalePages(rulePages(t, dir), want); !slices.Equal(got, faults) {
		t.Errorf("stale: %q", got)
	}
	writePages(t, dir, want)
	if got := rulePages(t, dir); !maps.Equal(got, want) {
		t.Errorf("after an update there is %v", got)
	}
}
