package page

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// schemaPage describes the fields of one schema in prose, in the order in which the schema has them.
type schemaPage struct {
	root *source.Node
	out  io.Writer
}

// WriteSchema writes a bundled schema as Markdown: a section for each field, with the fields in it as a list.
func WriteSchema(w io.Writer, text []byte) error {
	root, found := source.ReadJSON(text, source.DefaultLimits, func(_, _ int) diag.Place { return diag.Place{} })
	if len(found) > 0 {
		return fmt.Errorf("a built-in schema: %s", found[0].Message)
	}
	lines := report.NewLines(w)
	p := schemaPage{root: root, out: lines}
	p.put("\n## %s\n\n%s\n", memberText(root, "title"), prose(memberText(root, "description")))
	for _, field := range p.fields(root) {
		p.put("\n### %s\n\n%s\n", field.name, p.sentences(field))
		p.nested(field, field.name, "", nil)
	}
	return lines.Flush()
}

func (p schemaPage) put(format string, args ...any) { _, _ = fmt.Fprintf(p.out, format, args...) }

// schemaField is a field of a mapping.
type schemaField struct {
	name     string // "" for the values of a mapping whose keys are free
	node     *source.Node
	required bool
}

// fields are the fields of a mapping, whichever part of the schema has them.
func (p schemaPage) fields(node *source.Node) []schemaField {
	var fields []schemaField
	for _, part := range p.parts(node) {
		if part.Get("properties") == nil {
			continue
		}
		for _, m := range part.Get("properties").Members {
			fields = append(fields, schemaField{name: m.Key.Text, node: m.Value, required: slices.Contains(texts(part.Get("required")), m.Key.Text)})
		}
	}
	return fields
}

// nested writes the fields of a field's value as a list: those of its entries too, where it is a list. Path is how the field is
// reached. A policy's own elements are AWS's to describe, and a schema that is within itself is described once.
func (p schemaPage) nested(f schemaField, path, indent string, above []*source.Node) {
	for _, part := range p.parts(f.node) {
		if slices.Contains(above, part) || strings.HasPrefix(memberText(part, "$ref"), documentReference) {
			return
		}
	}
	above = append(above, p.parts(f.node)...)
	fields := p.fields(f.node)
	if indent == "" && len(fields) > 0 {
		p.put("\n")
	}
	for _, inner := range fields {
		p.put("%s- `%s`: %s\n", indent, path+"."+inner.name, p.sentences(inner))
		p.nested(inner, path+"."+inner.name, indent+"  ", above)
	}
	for _, part := range p.parts(f.node) {
		if items := part.Get("items"); items != nil {
			p.nested(schemaField{node: items}, path+"[]", indent, above)
		}
		if values := part.Get("additionalProperties"); values != nil && values.Kind == source.Mapping {
			p.nested(schemaField{node: values}, path+".NAME", indent, above)
		}
	}
}

const documentReference = "#/$defs/document.schema.json/"

// parts are a schema and what it refers to, with the branches that its condition chooses from: the nearest first.
func (p schemaPage) parts(node *source.Node) []*source.Node {
	if node == nil || node.Kind != source.Mapping {
		return nil
	}
	parts := []*source.Node{node}
	ref := memberText(node, "$ref")
	if ref != "" && !strings.HasPrefix(ref, documentReference) {
		parts = append(parts, p.parts(p.target(ref))...)
	}
	for _, branch := range []string{"then", "else"} {
		parts = append(parts, p.parts(node.Get(branch))...)
	}
	return parts
}

// target finds what a reference within the bundle means.
func (p schemaPage) target(ref string) *source.Node {
	node := p.root
	for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		if node = node.Get(name); node == nil {
			return nil
		}
	}
	return node
}

// sentences describe a field: what it is, its type, what it may be, its default and an example.
func (p schemaPage) sentences(f schemaField) string {
	out := []string{prose(p.first(f.node, "description"))}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if f.node.Get("deprecated") != nil {
		add("Deprecated.")
	}
	if f.required {
		add("Required.")
	}
	if kind := p.kind(f.node); kind != "" {
		add("Type: %s.", kind)
	}
	if values := p.values(f.node); len(values) > 0 {
		add("Values: %s.", strings.Join(quoted(values), ", "))
	}
	if value := p.find(f.node, "default"); value != nil && value.Kind == source.Scalar {
		add("Default: `%s`.", value.Text)
	}
	if examples := f.node.Get("examples"); examples != nil && f.name != "" {
		for i, example := range examples.Items {
			text, err := json.Marshal(example.Any())
			if err != nil || i > 0 {
				break
			}
			add("Example: `%s: %s`.", f.name, text)
		}
	}
	return strings.Join(out, " ")
}

// kind is the type of a value in words, with that of a list's entries; "" where any value is accepted.
func (p schemaPage) kind(node *source.Node) string {
	var kinds []string
	parts := p.parts(node)
	for _, part := range parts {
		if strings.HasPrefix(memberText(part, "$ref"), documentReference) && part.Get("type") == nil {
			kinds = append(kinds, typeWords["object"])
		}
		for _, name := range texts(part.Get("type")) {
			word := typeWords[name]
			if name == "array" {
				word = "list"
				if entries := p.entries(parts); entries != "" {
					word += " (each entry: " + entries + ")"
				}
			}
			if !slices.Contains(kinds, word) && (name != "array" || !slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(k, "list") })) {
				kinds = append(kinds, word)
			}
		}
	}
	if p.mayBeReference(node) {
		kinds = append(kinds, "`$(name)`")
	}
	return strings.Join(kinds, ", or ")
}

func (p schemaPage) entries(parts []*source.Node) string {
	for _, part := range parts {
		if items := part.Get("items"); items != nil {
			return p.kind(items)
		}
	}
	return ""
}

// mayBeReference reports whether a template's parameter may be in the place of a value.
func (p schemaPage) mayBeReference(node *source.Node) bool {
	return slices.ContainsFunc(p.parts(node), func(part *source.Node) bool {
		return strings.HasSuffix(memberText(part.Get("if"), "$ref"), "/reference")
	})
}

var typeWords = map[string]string{
	"string": "string", "boolean": "boolean", "integer": "integer", "number": "number", "object": "mapping", "array": "list", "null": "null",
}

// values are those that a value, or the entries of a list, must be one of.
func (p schemaPage) values(node *source.Node) []string {
	for _, part := range p.parts(node) {
		if list := texts(part.Get("enum")); len(list) > 0 {
			return list
		}
		if items := part.Get("items"); items != nil && part.Get("properties") == nil {
			if list := p.values(items); len(list) > 0 {
				return list
			}
		}
		if values := part.Get("additionalProperties"); values != nil && values.Kind == source.Mapping && part.Get("properties") == nil {
			if list := p.values(values); len(list) > 0 {
				return list
			}
		}
	}
	return nil
}

// find is a schema's member, of the nearest part that has it.
func (p schemaPage) find(node *source.Node, name string) *source.Node {
	for _, part := range p.parts(node) {
		if value := part.Get(name); value != nil {
			return value
		}
	}
	return nil
}

func (p schemaPage) first(node *source.Node, name string) string {
	if value := p.find(node, name); value.IsString() {
		return value.Text
	}
	return ""
}

func memberText(node *source.Node, name string) string {
	if node == nil {
		return ""
	}
	if value := node.Get(name); value.IsString() {
		return value.Text
	}
	return ""
}

// texts are the strings of a list, or the one string.
func texts(node *source.Node) []string {
	switch {
	case node.IsString():
		return []string{node.Text}
	case node == nil:
		return nil
	}
	var out []string
	for _, item := range node.Items {
		out = append(out, item.Text)
	}
	return out
}
