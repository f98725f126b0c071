package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/keypolicy/keypolicy/rules"
)

// TestBuiltinExamples holds every built-in rule to its .txtar, through the whole road. UPDATE_EXAMPLES=1 rewrites the findings.
func TestBuiltinExamples(t *testing.T) {
	set, err := rules.Load(t.Context(), rules.Options{Today: "2026-01-31"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range set.Names() {
		t.Run(name, func(t *testing.T) {
			text := set.ExampleText(name)
			if text == nil {
				t.Fatal("the rule has no examples")
			}
			got, want, err := runExample(t.Context(), text, nil, name, "2026-01-31")
			if err != nil {
				t.Fatal(err)
			}
			if got == "" {
				t.Error("no example shows a finding")
			}
			if got == want {
				return
			}
			if os.Getenv("UPDATE_EXAMPLES") != "" {
				m, _, _ := set.Metadata(name)
				file := filepath.Join("..", "..", "..", "rules", m.Category, name+".txtar")
				if err := os.WriteFile(file, updated(text, got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("want:\n%s\ngot:\n%s", want, got)
		})
	}
}
