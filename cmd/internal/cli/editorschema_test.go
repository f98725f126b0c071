package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"gopkg.in/yaml.v3"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// printedSchema is a schema as the command prints it.
func printedSchema(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Main(context.Background(), append([]string{"schema"}, args...), cli.Stdio{Out: &out, Err: &errs}); code != 0 {
		t.Fatalf("schema %v: %d: %s", args, code, errs.String())
	}
	return out.Bytes()
}

// The schemas with names for editors take what the others take, and refuse what they refuse.
func TestEditorSchemasTakeTheSame(t *testing.T) {
	texts := yamlTexts(t)
	for _, name := range []string{"spec", "policy", "template", "config"} {
		plain := jsonschema.MustCompileString("plain.json", string(printedSchema(t, name)))
		editor := jsonschema.MustCompileString("editor.json", string(printedSchema(t, name, "--editor")))
		taken := 0
		for where, value := range texts {
			want := plain.Validate(value) == nil
			if want {
				taken++
			}
			if err := editor.Validate(value); (err == nil) != want {
				t.Errorf("%s: %s takes it: %t, and for editors: %v", where, name, want, err)
			}
		}
		if taken < 5 || taken == len(texts) {
			t.Errorf("%s: %d of %d texts are taken, which says nothing", name, taken, len(texts))
		}
	}
}

// yamlTexts are the mappings in the examples of specs, rules and scripts, by where they are.
func yamlTexts(t *testing.T) map[string]any {
	t.Helper()
	texts := map[string]any{}
	add := func(where string, data []byte) {
		var value any
		if yaml.Unmarshal(data, &value) != nil {
			return
		}
		text, err := json.Marshal(value)
		if err != nil {
			return
		}
		if _, mapping := value.(map[string]any); mapping && json.Unmarshal(text, &value) == nil {
			texts[where] = value
		}
	}
	for _, pattern := range []string{"docs/examples/*", "templates/*", "testdata/script/*.txtar", "rules/*/*.txtar"} {
		names, err := filepath.Glob(filepath.Join("../../..", pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: nothing there: %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, ".txtar") {
				add(name, data)
				continue
			}
			for _, f := range txtar.Parse(data).Files {
				add(name+":"+f.Name, f.Data)
			}
		}
	}
	return texts
}

// An editor finds the names of today where a spec and a policy have them: as the one value, and as an item of a list.
func TestEditorSchemasHoldTheNames(t *testing.T) {
	for name, at := range map[string][]string{
		"policy": {"properties", "Statement", "then", "items", "properties"},
		"spec":   {"properties", "statements", "items", "properties"},
	} {
		var root map[string]any
		if err := json.Unmarshal(printedSchema(t, name, "--editor"), &root); err != nil {
			t.Fatal(err)
		}
		elements := descend(t, root, root, at...)
		for _, element := range []string{"Action", "NotAction"} {
			got := descend(t, root, elements, element)
			holdEnum(t, name+" "+element, descend(t, root, got, "anyOf"), facts.ActionNames())
			holdEnum(t, name+" "+element+" list", descend(t, root, got, "items", "anyOf"), facts.ActionNames())
		}
		var services []string
		for _, p := range facts.ServicePrincipals() {
			services = append(services, p.Name)
		}
		holdEnum(t, name+" services", descend(t, root, elements, "Principal", "properties", "Service", "items", "anyOf"), services)
		for _, o := range facts.Operators() {
			keys, _ := descend(t, root, elements, "Condition", "properties", o.Name, "properties").(map[string]any)
			for _, k := range facts.ConditionKeys() {
				if keys[k.Name] == nil {
					t.Errorf("%s: %s does not hold %s", name, o.Name, k.Name)
				}
			}
		}
	}
}

// descend follows names through a schema, and references where they lead; what is beside a reference counts first.
func descend(t *testing.T, root, at any, names ...string) any {
	t.Helper()
	for _, name := range names {
		for {
			node, _ := at.(map[string]any)
			next, ok := node[name]
			if ok {
				at = next
				break
			}
			reference, ok := node["$ref"].(string)
			if !ok {
				t.Fatalf("there is no %s of %v", name, names)
			}
			at = root
			for _, step := range strings.Split(reference, "/")[1:] {
				node, _ := at.(map[string]any)
				at = node[step]
			}
		}
	}
	return at
}

func holdEnum(t *testing.T, what string, either any, want []string) {
	t.Helper()
	branches, _ := either.([]any)
	var got []string
	for _, branch := range branches {
		node, _ := branch.(map[string]any)
		values, _ := node["enum"].([]any)
		for _, v := range values {
			text, _ := v.(string)
			got = append(got, text)
		}
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
