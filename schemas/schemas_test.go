package schemas_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/schemas"
)

func decode(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := schemas.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s is not JSON: %v", name, err)
	}
	return v
}

func TestNames(t *testing.T) {
	want := []string{
		"access", "apply", "config", "coverage", "diff", "document", "drift", "findings", "plan", "rules", "simulate", "spec",
		"suppressions", "template", "templates", "uses", "version",
	}
	if got := schemas.Names(); !slices.Equal(got, want) {
		t.Errorf("Names() = %q, want %q", got, want)
	}
	for _, name := range want {
		v := decode(t, name)
		if v["$id"] != schemas.Base+name+".schema.json" || v["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
			t.Errorf("%s has $id %v and $schema %v", name, v["$id"], v["$schema"])
		}
	}
	if _, err := schemas.Read("../spec"); err == nil || !strings.Contains(err.Error(), `"../spec"`) {
		t.Errorf("Read of an unknown name: %v", err)
	}
}

// TestStandAlone holds that every reference of a schema leads, by its place, into what Read gives: an editor knows no
// other file and follows no ids.
func TestStandAlone(t *testing.T) {
	refs := 0
	for _, name := range schemas.Names() {
		root := decode(t, name)
		walk(root, "", func(path string, v map[string]any) {
			if _, ok := v["$id"].(string); ok && path != "" {
				t.Errorf("%s: %s has an id of its own", name, path)
			}
			ref, ok := v["$ref"].(string)
			if !ok {
				return
			}
			refs++
			if !strings.HasPrefix(ref, "#/") || resolve(map[string]map[string]any{"": root}, "", ref) == nil {
				t.Errorf("%s: %s refers to %s, which is not there", name, path, ref)
			}
		})
	}
	if refs == 0 {
		t.Error("no schema has references")
	}
}

func resolve(ids map[string]map[string]any, file, ref string) map[string]any {
	address, pointer, _ := strings.Cut(ref, "#")
	if address == "" {
		address = file
	}
	v := ids[address]
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		v, _ = v[step].(map[string]any)
	}
	return v
}

// TestDescribed holds that every field and every definition has a title and a description, which editors show.
func TestDescribed(t *testing.T) {
	for _, name := range schemas.Names() {
		text, err := schemas.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		var root map[string]any
		if err := json.Unmarshal(text, &root); err != nil {
			t.Fatal(err)
		}
		ids := map[string]map[string]any{name + ".schema.json": root}
		fields := 0
		walk(root, "", func(path string, v map[string]any) {
			for _, keyword := range []string{"properties", "patternProperties", "$defs"} {
				group, _ := v[keyword].(map[string]any)
				if strings.Contains(path, "/dependentSchemas/") {
					continue // it says what cannot be used together, not what there is
				}
				for field, s := range group {
					s, _ := s.(map[string]any)
					target := s
					if ref, ok := s["$ref"].(string); ok && s["title"] == nil {
						target = resolve(ids, name+".schema.json", ref)
					}
					fields++
					for _, what := range []string{"title", "description"} {
						if sentence, _ := target[what].(string); sentence == "" {
							t.Errorf("%s: %s/%s/%s has no %s", name, path, keyword, field, what)
						}
					}
					if d, _ := target["description"].(string); !strings.HasSuffix(d, ".") {
						t.Errorf("%s: the description of %s/%s/%s ends in no full stop", name, path, keyword, field)
					}
				}
			}
		})
		if fields == 0 {
			t.Errorf("%s has no fields", name)
		}
	}
}

func walk(v any, path string, visit func(path string, v map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(path, v)
		for key, inner := range v {
			walk(inner, path+"/"+key, visit)
		}
	case []any:
		for _, inner := range v {
			walk(inner, path, visit)
		}
	}
}

// TestFields holds that every field that users may write is there, and no other. The fields of outputs are held by what
// commands write: TestScripts in cmd/internal/cli.
func TestFields(t *testing.T) {
	tests := []struct{ schema, at, fields string }{
		{"spec", "", "account allow_key_deletion delegate_to_iam description expect external_accounts include key key-admins-roles key_admins key_admins_roles key_spec key_usage key_users key_users_roles labels multi_region name origin parameters partition policy policytemplate region regions statements used_by"},
		{"spec", "$defs/include", "parameters template"},
		{"spec", "$defs/expectation", "action context decision principal"},
		{"template", "", "allow_key_deletion delegate_to_iam description external_accounts include key-admins-roles key_admins key_admins_roles key_users key_users_roles parameters policy statements template used_by"},
		{"config", "", "account accounts baseline enforce exclude folders ignore include key keys output partition region regions rules severity templates trust"},
		{"config", "$defs/trust", "accounts organizations"},
		{"config", "$defs/folder", "account output partition path region trust"},
		{"config", "$defs/key", "account expect labels path region resource used_by"},
		{"config", "$defs/suppression", "path reason resource rule until"},
		{"document", "$defs/policy", "Id Statement Version"},
		{"document", "$defs/statement", "Action Condition Effect NotAction NotPrincipal NotResource Principal Resource Sid"},
		{"document", "$defs/elements", "Action Condition Effect NotAction NotPrincipal NotResource Principal Resource Sid"},
	}
	for _, test := range tests {
		v := decode(t, test.schema)
		if test.at != "" {
			for step := range strings.SplitSeq(test.at, "/") {
				v, _ = v[step].(map[string]any)
			}
		}
		properties, _ := v["properties"].(map[string]any)
		if got := strings.Join(slices.Sorted(maps.Keys(properties)), " "); got != test.fields {
			t.Errorf("%s %s has the fields\n%s, want\n%s", test.schema, test.at, got, test.fields)
		}
	}
}

// TestClosed holds that an output's object has no field that its schema does not describe.
func TestClosed(t *testing.T) {
	read := []string{"config", "document", "spec", "template"}
	for _, name := range schemas.Names() {
		if slices.Contains(read, name) {
			continue
		}
		walk(decode(t, name), "", func(path string, v map[string]any) {
			if _, fields := v["properties"].(map[string]any); fields && v["type"] == "object" && v["additionalProperties"] != false {
				t.Errorf("%s: %s takes fields that it does not describe", name, path)
			}
		})
	}
}
