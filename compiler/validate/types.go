package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// wrongType reports a value of a type that is not accepted there.
func (s subject) wrongType(f fault) sentence {
	if isPolicy(s, f) {
		return policyNotAnObject(f.value, "`policy` is a policy document; this is ")
	}
	return sentence{
		message: fmt.Sprintf("%s is %s; this is %s", s.label(f.path), typeWords(f.types), thisIs(f)),
		help:    s.typeHelp(f),
	}
}

// thisIs says what a value is where it is of a wrong type; a number of a wrong kind by itself.
func thisIs(f fault) string {
	if slices.Contains(f.types, "integer") || slices.Contains(f.types, "number") {
		if f.value.Type == source.Int || f.value.Type == source.Float {
			return quoted(f.value.Text)
		}
	}
	return kindWords(f.value)
}

func isPolicy(s subject, f fault) bool {
	return !s.parameter && len(f.path) == 1 && f.path[0] == "policy"
}

func policyNotAnObject(n *source.Node, is string) sentence {
	t := sentence{
		reason:  "policy-not-an-object",
		message: is + kindWords(n),
		help:    "write a mapping with `Version` and `Statement`, or the same as one JSON string",
	}
	if n.Kind == source.Sequence && len(n.Items) == 1 {
		t.help = "write the policy itself, without the list around it"
	}
	if text := strings.TrimSpace(n.Text); n.IsString() && strings.HasPrefix(text, "{") {
		t.help = "the policy is encoded twice: write the JSON that this string holds"
	}
	return t
}

var typeNames = map[string]string{
	"array": "a list", "object": "a mapping", "string": "a string", "boolean": "`true` or `false`",
	"number": "a number", "integer": "a whole number", "null": "empty",
}

// typeWords says the types that there may be.
func typeWords(types []string) string {
	var list []string
	rest := slices.Clone(types)
	if slices.Contains(rest, "string") && slices.Contains(rest, "number") && slices.Contains(rest, "boolean") {
		list = append(list, "a single value")
		rest = slices.DeleteFunc(rest, func(t string) bool { return t == "string" || t == "number" || t == "boolean" })
	}
	for _, t := range rest {
		word := typeNames[t]
		if t == "boolean" && len(types) > 1 {
			word = "a boolean"
		}
		list = append(list, word)
	}
	return diag.Join(list, "or")
}

// kindWords says what a node is.
func kindWords(n *source.Node) string {
	switch n.Kind {
	case source.Mapping:
		return "a mapping"
	case source.Sequence:
		return "a list"
	case source.Scalar:
	}
	switch n.Type {
	case source.Null:
		return "empty (null)"
	case source.Int, source.Float:
		return "a number"
	case source.Bool:
		return "a boolean"
	case source.String, source.Timestamp:
	}
	return "a string"
}

// typeHelp says what to write instead, with the user's own value where that can be kept.
func (s subject) typeHelp(f fault) string {
	n, want := f.value, ""
	if len(f.types) > 0 {
		want = f.types[0]
	}
	field := ""
	if name, ok := last(f); ok {
		field = written(name) + ": "
	}
	text := n.Kind == source.Scalar && !n.IsNull()
	switch {
	case len(f.path) == 2 && f.path[0] == "parameters" && !s.parameter:
		return fmt.Sprintf("write its JSON Schema: `%v: {type: string}`", f.path[1])
	case len(f.path) == 2 && f.path[0] == "severity" && n.Type == source.Bool && !s.parameter:
		return severityHelp(field, n.Text)
	case n.IsNull() && len(f.path) == 0:
		return "give it a value"
	case n.IsNull() && field == "":
		return "remove the entry, or give it a value"
	case n.IsNull() && want == "array":
		return "list its entries, or remove the field"
	case n.IsNull() && !s.parameter:
		return "give it a value, or remove the field"
	case want == "string" && text:
		return fmt.Sprintf("put it in quotes: `%s%q`", field, n.Text)
	case want == "string" && n.Kind == source.Sequence && field == "region: ":
		return "give several Regions as `regions`"
	case want == "string" && n.Kind == source.Sequence && len(n.Items) == 1 && n.Items[0].Kind == source.Scalar:
		return fmt.Sprintf("write `%s%s`", field, written(n.Items[0].Text))
	case want == "array" && (field == "statements: " || field == "expect: " || field == "ignore: "):
		return "write a list of mappings: put `- ` before each"
	case want == "array" && text && n.Text != "":
		return fmt.Sprintf("write `%s[%s]`", field, entry(s, f))
	case want == "array" && n.Kind == source.Mapping:
		return "write a list: put `- ` before the entry"
	case want == "boolean" && text:
		return booleanHelp(field, n.Text)
	case want == "object" && text && n.Text != "" && s.isInclude(f) && len(f.path) == 2:
		return "write `" + s.include(n.Text) + "`"
	case want == "object" && text && n.Text != "":
		return mappingHelp(f)
	case (want == "integer" || want == "number") && n.IsString():
		return "write the digits, without quotes"
	default:
		return "write " + strings.ReplaceAll(typeWords(f.types), "empty", "nothing")
	}
}

func last(f fault) (string, bool) {
	if len(f.path) == 0 {
		return "", false
	}
	name, ok := f.path[len(f.path)-1].(string)
	return name, ok
}

// entry writes a scalar as the one entry of the list that it should be.
func entry(s subject, f fault) string {
	if s.isInclude(f) {
		return s.include(f.value.Text)
	}
	if f.value.Type == source.String {
		return entries(f.value.Text)
	}
	return fmt.Sprintf("%q", f.value.Text)
}

// separated is what is between entries that are written as one text. A comma by itself may be part of a name.
var separated = regexp.MustCompile(`\s*[,;]\s+`)

// entries writes a text as the entries of a list that it most likely holds.
func entries(text string) string {
	parts := separated.Split(text, -1)
	for i, part := range parts {
		if strings.ContainsAny(part, " \t\n") || part == "" {
			return written(text)
		}
		parts[i] = written(part)
	}
	return strings.Join(parts, ", ")
}

// include writes a template's name as the entry of include that it should be. Parameters at the level of include belong into it.
func (s subject) include(name string) string {
	if s.root.Member("parameters") == nil || s.root.Member("policytemplate") != nil {
		return "{template: " + written(name) + "}"
	}
	return "{template: " + written(name) + ", parameters: {…}}"
}

func (s subject) isInclude(f fault) bool {
	return len(f.path) > 0 && f.path[0] == "include" && s.name != "the configuration"
}

func booleanHelp(field, text string) string {
	switch strings.ToLower(text) {
	case "true", "yes", "on", "y", "1", "enabled":
		return "write `" + field + "true`"
	case "false", "no", "off", "n", "0", "disabled":
		return "write `" + field + "false`"
	default:
		return "write `true` or `false`"
	}
}

// severityHelp is for the configuration's severities, where false is what people write to turn a rule off.
func severityHelp(field, text string) string {
	if strings.EqualFold(text, "false") {
		return "to turn the rule off, write `" + field + `"off"` + "`"
	}
	return "write `" + field + "error`, `" + field + "warning` or `" + field + "info`"
}

// mappingHelp says which fields a mapping needs. Where it is only one, the value is taken for it.
func mappingHelp(f fault) string {
	required := texts(f.schema["required"])
	switch len(required) {
	case 0:
		return "write a mapping"
	case 1:
		return fmt.Sprintf("write `{%s: %s}`", required[0], written(f.value.Text))
	default:
		return "write a mapping with " + strings.Replace(choices(required), " or ", " and ", 1)
	}
}
