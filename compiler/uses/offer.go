package uses

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Include is the entry of `include` that lets a use be, as a flow mapping of YAML; "" where no template does. What is not
// given is in it as `<NAME>`.
func (a Asked) Include() string {
	if a.Use.Template == "" {
		return ""
	}
	var parameters []string
	for _, name := range a.templateParameters() {
		parameters = append(parameters, fmt.Sprintf("%s: %s", name, a.written(name)))
	}
	if len(parameters) == 0 {
		return fmt.Sprintf("{template: %s}", a.Use.Template)
	}
	return fmt.Sprintf("{template: %s, parameters: {%s}}", a.Use.Template, strings.Join(parameters, ", "))
}

// Entry is that entry as a value of the types of encoding/json; false where no template lets the use be, or something that the
// template takes is not given.
func (a Asked) Entry() (map[string]any, bool) {
	if a.Use.Template == "" {
		return nil, false
	}
	entry := map[string]any{"template": a.Use.Template}
	parameters := map[string]any{}
	for _, name := range a.templateParameters() {
		values := a.Given[name]
		switch {
		case len(values) == 0:
			return nil, false
		case a.Use.Parameters[name].Principals:
			var list []any
			for _, v := range values {
				list = append(list, v)
			}
			parameters[name] = list
		default:
			parameters[name] = values[0]
		}
	}
	if len(parameters) > 0 {
		entry["parameters"] = parameters
	}
	return entry, true
}

// templateParameters are the parameters of a use that its template has too, sorted.
func (a Asked) templateParameters() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(a.Use.Parameters)) {
		if !a.Use.Parameters[name].Free && (!a.Use.Parameters[name].Optional || len(a.Given[name]) > 0) {
			names = append(names, name)
		}
	}
	return names
}

// written is a parameter's value, or a placeholder.
func (a Asked) written(name string) string {
	values := a.Given[name]
	if len(values) == 0 {
		values = []string{Placeholder(name)}
	}
	if !a.Use.Parameters[name].Principals {
		return quoted(values[0])
	}
	var list []string
	for _, v := range values {
		list = append(list, quoted(v))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// Placeholder is `<NAME>`, for a value that is to be filled in: what a rule finds where it is left in a spec or a policy, as no name of
// AWS has such brackets.
func Placeholder(name string) string { return "<" + strings.ToUpper(name) + ">" }

// quoted writes a text as a scalar of a flow mapping.
func quoted(text string) string {
	if text != "" && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-./") == "" {
		return text
	}
	return fmt.Sprintf("%q", text)
}

// Statements are those of a use's template for a key, each as compact JSON; none where there is no template. What is neither
// known nor given is in them as `<NAME>`.
func (a Asked) Statements(key policy.Key) []string {
	list, _ := a.statements(key)
	return list
}

// Added are the same statements as values of the types of encoding/json; false where there are none, or something that they
// need is neither known nor given.
func (a Asked) Added(key policy.Key) ([]map[string]any, bool) {
	list, complete := a.statements(key)
	if !complete {
		return nil, false
	}
	added := make([]map[string]any, len(list))
	for i, text := range list {
		if json.Unmarshal([]byte(text), &added[i]) != nil {
			return nil, false
		}
	}
	return added, len(added) > 0
}

func (a Asked) statements(key policy.Key) (list []string, complete bool) {
	if a.Use.Template == "" {
		return nil, false
	}
	var place diag.Place
	text := func(s string) *source.Node { return source.NewScalar(s, place) }
	examples := supposed{"account": key.Account, "partition": key.Partition, "region": key.Region}
	var pairs []string
	for name, example := range map[string]string{"account": exampleAccount, "region": exampleRegion, "partition": "aws"} {
		if examples[name] == "" {
			examples[name] = example
			if name != "partition" {
				pairs = append(pairs, example, Placeholder(name))
			}
		}
	}
	parameters := source.NewMapping(place)
	for _, name := range a.templateParameters() {
		p := a.Use.Parameters[name]
		values := a.Given[name]
		if len(values) == 0 {
			example := examples.substitute(p.Example)
			values = []string{example}
			pairs = append(pairs, example, Placeholder(name))
		}
		value := text(values[0])
		if p.Principals {
			value = source.NewSequence(place)
			for _, v := range values {
				value.Items = append(value.Items, text(v))
			}
		}
		parameters.Members = append(parameters.Members, source.NewMember(name, place, value))
	}
	replacer := strings.NewReplacer(pairs...)
	s := &spec.KeyPolicy{Body: spec.Body{Include: []spec.Include{{Template: text(a.Use.Template), Parameters: parameters}}}}
	result, found := expand.NewLibrary(nil).Expand(s, expand.Variables{Account: examples["account"], Partition: examples["partition"], Region: examples["region"], Key: key.ID})
	if found.HasErrors() {
		return nil, false
	}
	complete = true
	for _, st := range result.Included {
		known := policy.Compact(st)
		list = append(list, replacer.Replace(known))
		complete = complete && list[len(list)-1] == known
	}
	return list, complete
}
