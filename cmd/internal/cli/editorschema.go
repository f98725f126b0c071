package cli

import (
	"bytes"
	"encoding/json"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// editorSchema adds to a schema the names that AWS has today, so that an editor completes them: actions, condition operators, condition
// keys and services. It refuses nothing more: patterns, and names that AWS adds, go on to fit.
func editorSchema(text []byte) ([]byte, error) {
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	addNames(root)
	var out bytes.Buffer
	err := report.WriteValue(&out, root)
	return out.Bytes(), err
}

// addNames adds names to the definitions of a policy's elements, wherever a schema holds them.
func addNames(v any) {
	node, _ := v.(map[string]any)
	for _, inner := range node {
		addNames(inner)
	}
	definitions, _ := node["$defs"].(map[string]any)
	for _, name := range []string{"Action", "NotAction"} {
		if element, ok := definitions[name].(map[string]any); ok {
			element["anyOf"] = oneOrMore(facts.ActionNames())
		}
	}
	if principal, ok := definitions["Principal"].(map[string]any); ok {
		var names []string
		for _, p := range facts.ServicePrincipals() {
			names = append(names, p.Name)
		}
		principal["properties"] = map[string]any{"Service": map[string]any{"anyOf": oneOrMore(names)}}
	}
	if condition, ok := definitions["Condition"].(map[string]any); ok {
		keys, operators := map[string]any{}, map[string]any{}
		for _, k := range facts.ConditionKeys() {
			keys[k.Name] = map[string]any{"title": k.Name}
		}
		for _, o := range facts.Operators() {
			operators[o.Name] = map[string]any{"properties": keys}
		}
		condition["properties"] = operators
	}
}

// oneOrMore takes a name or a list of names, or anything else.
func oneOrMore(names []string) []any {
	one := map[string]any{"enum": names}
	return []any{one, map[string]any{"type": "array", "items": map[string]any{"anyOf": []any{one, map[string]any{}}}}, map[string]any{}}
}
