package rules

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// readFields finds the fields of the input that each rule reads: those that are named by a text in it, or in what it uses of
// the libraries. A text that names none does no harm.
func readFields(all []*rule, modules map[string]*ast.Module) error {
	c := ast.NewCompiler().WithCapabilities(capabilities())
	if c.Compile(modules); c.Failed() {
		return c.Errors
	}
	for _, r := range all {
		f := fieldReader{compiler: c, names: map[string]bool{}, seen: map[*ast.Rule]bool{}}
		for _, rego := range c.Modules[r.File].Rules {
			f.rule(rego)
		}
		r.fields = strings.Join(slices.Sorted(maps.Keys(f.names)), " ")
	}
	return nil
}

type fieldReader struct {
	compiler *ast.Compiler
	names    map[string]bool
	seen     map[*ast.Rule]bool
}

func (f *fieldReader) rule(r *ast.Rule) {
	for ; r != nil && !f.seen[r]; r = r.Else {
		f.seen[r] = true
		ast.WalkTerms(r, func(t *ast.Term) bool {
			switch v := t.Value.(type) {
			case ast.String:
				if slices.Contains(fieldNames, string(v)) {
					f.names[string(v)] = true
				}
			case ast.Ref:
				if v.HasPrefix(ast.DefaultRootRef) {
					for _, used := range f.compiler.GetRulesDynamicWithOpts(v, ast.RulesOptions{IncludeHiddenModules: true}) {
						f.rule(used)
					}
				}
			}
			return false
		})
	}
}

// The names of fields are those of the schemas of inputs.
func TestFieldNamesAreThoseOfTheSchemas(t *testing.T) {
	names := map[string]bool{}
	for _, subject := range Subjects {
		var schema any
		if err := json.Unmarshal(InputSchema(subject), &schema); err != nil {
			t.Fatal(err)
		}
		propertiesOf(schema, names)
	}
	const file = "input/fields.txt"
	want := strings.Join(slices.Sorted(maps.Keys(names)), "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if fieldsFile != want {
		t.Errorf("rules/%s is not what the schemas say: run go test ./rules -run TestFieldNames -update", file)
	}
}

func propertiesOf(schema any, names map[string]bool) {
	switch v := schema.(type) {
	case map[string]any:
		if properties, ok := v["properties"].(map[string]any); ok {
			for name := range properties {
				names[name] = true
			}
		}
		for _, below := range v {
			propertiesOf(below, names)
		}
	case []any:
		for _, below := range v {
			propertiesOf(below, names)
		}
	}
}
