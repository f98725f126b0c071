package rules

import (
	"embed"
	"encoding/json"
	"maps"
)

// schemaFiles say what rules see, one file a subject.
//
//go:embed input/*.schema.json
var schemaFiles embed.FS

// InputSchema is the JSON Schema of what a rule of the subject sees as its input; nil for no subject.
func InputSchema(subject Subject) []byte {
	text, _ := schemaFiles.ReadFile("input/" + string(subject) + ".schema.json")
	return text
}

// unionSchema is the schema of the input of a rule that evaluates any of the subjects, as OPA's type checker takes it.
func unionSchema(subjects []Subject) (any, error) {
	var either []any
	defs := map[string]any{}
	for _, s := range subjects {
		var schema map[string]any
		if err := json.Unmarshal(InputSchema(s), &schema); err != nil {
			return nil, errorf("the input schema of %s: %w", s, err)
		}
		own, _ := schema["$defs"].(map[string]any)
		maps.Copy(defs, own) // the same name is the same definition in each
		for _, name := range []string{"$schema", "$id", "$defs"} {
			delete(schema, name)
		}
		either = append(either, schema)
	}
	if len(either) == 1 {
		single, _ := either[0].(map[string]any)
		single["$defs"] = defs
		return single, nil
	}
	return map[string]any{"anyOf": either, "$defs": defs}, nil
}
