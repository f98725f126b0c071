package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// endOfIntroduction is the last line of docs/reference.md that is written by hand.
const endOfIntroduction = "<!-- The rest is generated from the schemas: go test ./cmd/keypolicy -run TestReferenceOfFields -update -->\n"

// TestReferenceOfFields compares docs/reference.md with the descriptions of fields in the schemas.
func TestReferenceOfFields(t *testing.T) {
	path := filepath.Join(root(t), "docs", "reference.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	introduction, _, found := strings.Cut(string(text), endOfIntroduction)
	if !found {
		t.Fatalf("docs/reference.md lacks the line %s", endOfIntroduction)
	}
	want := introduction + endOfIntroduction
	for _, name := range []string{"spec", "template", "config"} {
		output, err := shell(build(t), t.TempDir(), "keypolicy schema --format markdown "+name).Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want += string(output)
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Error("docs/reference.md is out of date: go test ./cmd/keypolicy -run TestReferenceOfFields -update")
	}
}

// Every field of the schemas has a description in the reference, at any depth.
func TestReferenceDescribesNestedFields(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{
		"### key_users\n", "- `include[].template`: ", "- `expect[].decision`: ", "- `parameters.NAME.formerly`: ",
		"  - `folders[].trust.accounts`: ", "- `accounts.NAME.role_arn`: ", "- `ignore[].until`: ", "- `keys[].used_by`: ",
	} {
		if !strings.Contains(string(text), field) {
			t.Errorf("docs/reference.md has no %q", field)
		}
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(strings.TrimSpace(line), "- `") && strings.Contains(line, "`:  ") {
			t.Errorf("a field has no description: %s", line)
		}
	}
}
