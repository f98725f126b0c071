package page

import (
	"bytes"
	"encoding/json"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// EditorSchema adds to a schema the names that AWS has today, so that an editor completes them: actions, condition operators, condition
// keys and services. It refuses nothing more: patterns, and names that AWS adds, go on to fit.
func EditorSchema(text []byte) ([]byte, error) {
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	addNames(root, "#")
	var out bytes.Buffer
	err := report.WriteValue(&out, root)
	return out.Bytes(), err
}

// addNames adds names to the definitions of a policy's elements, wherever a schema holds them. at is the reference to v.
func addNames(v any, at string) {
	node, _ := v.(map[string]any)
	for name, inner := range node {
		addNames(inner, at+"/"+name)
	}
	definitions, _ := node["$defs"].(map[string]any)
	for _, name := range []string{"Action", "NotAction"} {
		if element, ok := definitions[name].(map[string]any); ok {
			addOneOrMore(element, facts.ActionNames())
		}
	}
	if principal, ok := definitions["Principal"].(map[string]any); ok {
		var names []string
		for _, p := range facts.ServicePrincipals() {
			names = append(names, p.Name)
		}
		service := map[string]any{}
		addOneOrMore(service, names)
		principal["properties"] = map[string]any{"Service": service}
	}
	if condition, ok := definitions["Condition"].(map[string]any); ok {
		keys, operators := map[string]any{}, map[string]any{}
		for _, k := range facts.ConditionKeys() {
			keys[k.Name] = map[string]any{"title": k.Name}
		}
		for _, o := range facts.Operators() {
			operators[o.Name] = map[string]any{"$ref": at + "/$defs/conditionKeys"}
		}
		condition["properties"] = operators
		definitions["conditionKeys"] = map[string]any{"title": "Condition keys", "description": "The condition keys that AWS has today.", "properties": keys}
	}
}

// addOneOrMore adds names to an element that takes one of them or a list, and goes on to take anything else.
func addOneOrMore(element map[string]any, names []string) {
	either := []any{map[string]any{"enum": names}, map[string]any{}}
	element["anyOf"] = either
	element["items"] = map[string]any{"anyOf": either}
}
