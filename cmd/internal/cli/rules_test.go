package cli

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// TestBuiltinExamples holds every built-in rule to its .txtar, through the whole road, with all rules at work: in a file
// whose name begins with good none of them may object. UPDATE_EXAMPLES=1 rewrites the findings.
func TestBuiltinExamples(t *testing.T) {
	set, err := rules.Load(t.Context(), rules.Options{Today: keypolicy.ExampleDay})
	if err != nil {
		t.Fatal(err)
	}
	loaded := &sets{}
	for _, name := range set.Names() {
		t.Run(name, func(t *testing.T) {
			m, _, err := set.Metadata(name)
			if err != nil {
				t.Fatal(err)
			}
			text := set.ExampleText(name)
			if text == nil {
				t.Fatal("a rule is two files: there is no .txtar")
			}
			e, err := keypolicy.ReadExample(text)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(text)
			if strings.TrimSpace(string(archive.Comment)) == "" {
				t.Error("no comment explains the examples")
			}
			if !slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return keypolicy.IsGoodExample(f.Name) }) {
				t.Error("no example is good: a near miss shows what the rule lets pass")
			}
			found, err := e.Check(t.Context(), loaded.load(t, e, m), keypolicy.ExampleDay)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range found {
				if keypolicy.IsGoodExample(d.Place.File) && d.Severity >= diag.Warning {
					t.Error("in a good example: " + keypolicy.FindingLine(d))
				}
			}
			got := keypolicy.FindingLines(found, name)
			if got == "" {
				t.Error("no example shows a finding")
			}
			if got == e.Want {
				return
			}
			if os.Getenv("UPDATE_EXAMPLES") != "" {
				file := filepath.Join("..", "..", "..", "rules", m.Category, name+".txtar")
				if err := os.WriteFile(file, keypolicy.WithFindings(text, got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("want:\n%s\ngot:\n%s", e.Want, got)
		})
	}
}

// sets are the rules as the configurations of examples set them: most are alike.
type sets struct{ byOptions map[string]*rules.Set }

func (s *sets) load(t *testing.T, e *keypolicy.Example, m rules.Metadata) *rules.Set {
	t.Helper()
	options := e.RuleOptions(keypolicy.ExampleDay)
	severity := map[string]string{}
	maps.Copy(severity, options.Severity)
	options.Severity = severity
	if _, given := options.Severity[m.Name]; !given && !m.Enabled {
		options.Severity[m.Name] = m.Severity.String()
	}
	key := fmt.Sprint(options.Severity, options.Trust)
	if options.Trust != nil {
		key += fmt.Sprint(*options.Trust)
	}
	if s.byOptions[key] == nil {
		set, err := rules.Load(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		if s.byOptions == nil {
			s.byOptions = map[string]*rules.Set{}
		}
		s.byOptions[key] = set
	}
	return s.byOptions[key]
}
