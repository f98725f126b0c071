package validate

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
)

const parameterAddress = "https://keypolicy.dev/parameter"

// ParameterCheck is the JSON Schema of a template's parameter, compiled, for checking many values. It is safe
// for concurrent use.
type ParameterCheck struct {
	name   string
	schema *schema   // nil where it is of no use
	found  diag.List // what is wrong with the schema itself
}

// NewParameterCheck compiles the JSON Schema of a template's parameter. One that is neither a mapping nor a boolean is
// reported by Template, and not here.
func NewParameterCheck(name string, schemaNode *source.Node) *ParameterCheck {
	s, found := parameterSchema(name, schemaNode)
	return &ParameterCheck{name: name, schema: s, found: found}
}

// Value checks a value that a use gives to the parameter. Where the schema cannot be used, what is wrong with it is reported.
func (c *ParameterCheck) Value(value *source.Node) diag.List {
	if c.schema == nil {
		return c.found
	}
	subject := parameterSubject(c.name)
	subject.schema = func() *schema { return c.schema }
	return check(value, subject)
}

// ParameterSchema checks the JSON Schema of a template's parameter, and its default against it.
func ParameterSchema(name string, schemaNode *source.Node) diag.List {
	c := NewParameterCheck(name, schemaNode)
	if c.schema == nil {
		return c.found
	}
	return c.Value(schemaNode.Get("default"))
}

func parameterSubject(name string) subject {
	return subject{
		name: "the parameter " + quoted(name), parameter: true,
		rule: "compile", reason: "template-parameter", category: "references",
	}
}

// parameterSchema compiles a parameter's schema; nil with what is wrong with it.
func parameterSchema(name string, n *source.Node) (*schema, diag.List) {
	if n == nil || (n.Kind != source.Mapping && (n.Kind != source.Scalar || n.Type != source.Bool)) {
		return nil, nil
	}
	subject := parameterSubject(name)
	if t := outside(n); t != nil {
		return nil, diag.List{subject.finding(fault{value: n}, *t)}
	}
	text, err := json.Marshal(plain(n))
	if err != nil { // plain gives only values of JSON, so only a text that is not UTF-8 could come here
		return nil, diag.List{subject.finding(fault{value: n}, badSchema(subject, n))}
	}
	s, err := compile(parameterAddress, text)
	if err == nil {
		return s, nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		t := badSchema(subject, n)
		if ref := dangling(n, n); ref != nil {
			t = sentence{at: ref, message: fmt.Sprintf("%s is nowhere in the JSON Schema of %s", quoted(ref.Text), subject.name), help: "refer to one of its own `$defs`"}
		}
		return nil, diag.List{subject.finding(fault{value: n}, t)}
	}
	var found diag.List
	for _, f := range (&schema{}).flatten(invalid, n) {
		found = append(found, subject.finding(f, schemaSentence(subject, f)))
	}
	found.Sort()
	return nil, once(found)
}

// outside finds the first reference that leads out of the schema. None is ever followed.
func outside(n *source.Node) *sentence {
	for _, m := range n.Members {
		switch m.Key.Text {
		case "$ref", "$dynamicRef", "$recursiveRef":
			if m.Value.Kind == source.Scalar && !strings.HasPrefix(m.Value.Text, "#") {
				return &sentence{
					at:      m.Value,
					message: quoted(m.Key.Text+": "+m.Value.Text) + " leads out of the template, and nothing is fetched",
					help:    "write what it refers to under `$defs` of this schema, and refer to `#/$defs/NAME`",
				}
			}
		case "$schema":
			if m.Value.Kind == source.Scalar && !strings.HasPrefix(m.Value.Text, jsonSchemaOrg) {
				return &sentence{
					at:      m.Value,
					message: quoted(m.Value.Text) + " is not a version of JSON Schema",
					help:    "remove it: parameters are JSON Schema draft 2020-12",
				}
			}
		case "default", "enum", "const", "examples":
			continue // data, whatever its fields are called
		}
		if t := outside(m.Value); t != nil {
			return t
		}
	}
	for _, item := range n.Items {
		if t := outside(item); t != nil {
			return t
		}
	}
	return nil
}

// dangling finds the first reference into the schema itself that leads nowhere.
func dangling(root, n *source.Node) *source.Node {
	for _, m := range n.Members {
		if pointer, ok := strings.CutPrefix(m.Value.Text, "#/"); ok && m.Key.Text == "$ref" {
			if path, _, _ := locate(root, pointer); len(path) < len(steps(pointer)) {
				return m.Value
			}
		}
		if ref := dangling(root, m.Value); ref != nil {
			return ref
		}
	}
	for _, item := range n.Items {
		if ref := dangling(root, item); ref != nil {
			return ref
		}
	}
	return nil
}

const jsonSchemaOrg = "https://json-schema.org/"

func badSchema(s subject, n *source.Node) sentence {
	return sentence{at: n, message: fmt.Sprintf("the JSON Schema of %s cannot be used", s.name), help: "write it as JSON Schema draft 2020-12, with references only to its own `$defs`"}
}

var schemaTypes = []string{"array", "boolean", "integer", "null", "number", "object", "string"}

// schemaSentence reports a fault of the schema itself, whose own schema is the library's.
func schemaSentence(s subject, f fault) sentence {
	keyword, ok := last(f)
	if !ok {
		return badSchema(s, f.value)
	}
	text := shown(f.value)
	switch {
	case f.isKey && f.key != nil:
		return badExpression(f.key)
	case keyword == "type" && f.value.Kind == source.Scalar:
		t := sentence{message: text + " is not a type of JSON Schema", help: "write " + choices(schemaTypes)}
		if nearest, ok := facts.Nearest(f.value.Text, schemaTypes); ok {
			t.help = "did you mean " + quoted(nearest) + "?"
		}
		return t
	case keyword == "pattern" && f.value.IsString():
		return badExpression(f.value)
	default:
		return sentence{
			message: fmt.Sprintf("%s of %s cannot be %s", quoted(keyword), s.name, whatItIs(f.value)),
			help:    "see JSON Schema draft 2020-12 on " + quoted(keyword),
		}
	}
}

func badExpression(n *source.Node) sentence {
	return sentence{
		at:      n,
		message: quoted(n.Text) + " is not a regular expression that can be used",
		help:    "write it in RE2's syntax, which has no look-around and no back-references",
	}
}

func whatItIs(n *source.Node) string {
	if n.Kind == source.Scalar && n.Text != "" {
		return shown(n)
	}
	return kindWords(n)
}
