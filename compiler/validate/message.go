package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// sentence is what a user reads about a fault.
type sentence struct {
	at            *source.Node // where; nil is the value itself
	reason        string       // "" is wrong-field-type
	message, help string
}

// sentences reports a fault: mostly in one sentence, unknown and missing fields in one each.
func (s subject) sentences(f fault) []sentence {
	if f.isKey {
		return []sentence{s.badKey(f)}
	}
	switch f.keyword {
	case "additionalProperties":
		return s.unknownFields(f)
	case "required":
		return s.missingFields(f)
	case "type":
		return []sentence{s.wrongType(f)}
	case "false":
		return []sentence{s.notHere(f)}
	case "enum", "const":
		return []sentence{s.wrongChoice(f)}
	case "pattern", "format":
		return []sentence{s.wrongForm(f)}
	default:
		return []sentence{s.wrongSize(f)}
	}
}

// unknownFields reports every field that the schema does not know. The library names them only in its message.
func (s subject) unknownFields(f fault) []sentence {
	var list []sentence
	for _, key := range unknown(f) {
		list = append(list, sentence{
			at: key, reason: "unknown-spec-field",
			message: fmt.Sprintf("%s is not a field of %s", quoted(key.Text), s.label(f.path)),
			help:    s.fieldHelp(key.Text, f),
		})
	}
	return list
}

// unknown gives the keys of the fields that a schema does not know.
func unknown(f fault) []*source.Node {
	known, patterns := fieldsOf(f.schema)
	var keys []*source.Node
	for _, m := range f.value.Members {
		name := m.Key.Text
		if !slices.Contains(known, name) && !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(name) }) {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

func (s subject) missingFields(f fault) []sentence {
	var list []sentence
	mistyped := map[string]bool{} // a field that is there under a wrong name is reported as that
	if named, _ := namedTemplate(f); named != nil {
		mistyped["template"] = true
	}
	if f.schema["additionalProperties"] == false {
		for _, key := range unknown(f) {
			mistyped[meantField(key.Text, offeredFields(f.schema))] = true
		}
	}
	for _, name := range texts(f.schema["required"]) {
		if f.value.Member(name) == nil && !mistyped[name] {
			list = append(list, sentence{
				message: fmt.Sprintf("%s lacks %s", s.label(f.path), quoted(name)),
				help:    "add " + quoted(name+": …") + meaning(property(f.schema, name)),
			})
		}
	}
	return list
}

func property(schema map[string]any, name string) map[string]any {
	properties, _ := schema["properties"].(map[string]any)
	p, _ := properties[name].(map[string]any)
	return p
}

// meaning is a schema's description as the end of a help text.
func meaning(schema map[string]any) string {
	if d, ok := schema["description"].(string); ok && d != "" {
		return ": " + diag.Phrase(d)
	}
	return ""
}

// notHere reports a field that cannot be used together with another one.
func (s subject) notHere(f fault) sentence {
	t := sentence{at: f.key, reason: "unknown-spec-field"}
	list := steps(f.location[strings.Index(f.location, "#")+1:])
	if i := slices.Index(list, "dependentSchemas"); i >= 0 && i+1 < len(list) && f.key != nil {
		t.message = fmt.Sprintf("%s cannot be used together with %s", quoted(f.key.Text), quoted(list[i+1]))
		t.help = "remove one of the two"
		return t
	}
	t.message, t.help = s.label(f.path)+" is not accepted here", "remove it"
	return t
}

// badKey reports a field's name that does not have its form.
func (s subject) badKey(f fault) sentence {
	t := s.wrongForm(f)
	name := ""
	if f.key != nil {
		name = f.key.Text
	}
	t.at = f.key
	if s.parameter || f.schema["title"] == nil {
		t.message = fmt.Sprintf("%s is not accepted as a name in %s", quoted(name), s.label(f.path[:max(0, len(f.path)-1)]))
		t.help = "write a name that fits the schema"
		if pattern, ok := f.schema["pattern"].(string); ok {
			t.help = "write a name that matches `" + pattern + "`"
		}
		return t
	}
	t.message = fmt.Sprintf("%s is not %s", quoted(name), diag.Indefinite(noun(f.schema)))
	return t
}

// wrongChoice reports a value that is none of those that there are.
func (s subject) wrongChoice(f fault) sentence {
	values := allowed(f)
	help := "write " + choices(values)
	if nearest, ok := facts.Nearest(f.value.Text, values); ok && len(values) > 1 {
		help = "did you mean " + quoted(nearest) + "?"
	}
	if f.value.Kind != source.Scalar {
		return sentence{message: s.label(f.path) + " has a value that is not accepted there", help: help}
	}
	what := "which is not accepted there"
	if !s.parameter {
		what = "which is not " + diag.Indefinite(noun(f.schema))
	}
	return sentence{message: fmt.Sprintf("%s is %s, %s", s.label(f.path), shown(f.value), what), help: help}
}

func allowed(f fault) []string {
	values, _ := f.schema["enum"].([]any)
	if c, ok := f.schema["const"]; ok && f.keyword == "const" {
		values = []any{c}
	}
	list := make([]string, 0, len(values))
	for _, v := range values {
		list = append(list, fmt.Sprint(v))
	}
	return list
}

// wrongForm reports a string that does not have its form: a pattern or a format.
func (s subject) wrongForm(f fault) sentence {
	t := sentence{message: fmt.Sprintf("%s is %s, ", s.label(f.path), shown(f.value))}
	switch {
	case !s.parameter:
		t.message += "which is not " + diag.Indefinite(noun(f.schema))
		t.help = "write " + diag.Phrase(fmt.Sprint(f.schema["description"]))
		if examples := texts(f.schema["examples"]); len(examples) > 0 {
			t.help += ", such as " + quoted(examples[0])
		}
	case f.keyword == "format":
		t.message += "which is not " + diag.Indefinite(strings.ReplaceAll(fmt.Sprint(f.schema["format"]), "-", " "))
		t.help = "write one" + meaning(f.schema)
	case wantsARN(f.schema) && !strings.HasPrefix(f.value.Text, "arn:"):
		t.message += "which is not an ARN"
		t.help = fmt.Sprintf("write the whole ARN, `arn:PARTITION:SERVICE:REGION:ACCOUNT:%s`", f.value.Text) + meaning(f.schema)
	default:
		if arn, ok := wrongARN(f.value.Text, f.schema); ok && wantsARN(f.schema) {
			return sentence{message: t.message + arn.message, help: arn.help}
		}
		if name := nameIn(f.value.Text, f.schema); name != "" {
			t.message += "which is an ARN"
			t.help = "write " + quoted(name) + meaning(f.schema)
			return t
		}
		t.message += fmt.Sprintf("which does not match `%v`", f.schema["pattern"])
		t.help = "write a value that matches it" + meaning(f.schema)
	}
	return t
}

// noun is a schema's title as a word of a sentence.
func noun(schema map[string]any) string { return diag.Phrase(fmt.Sprint(schema["title"])) }

// shown is a scalar in a sentence.
func shown(n *source.Node) string {
	if n.Text == "" {
		return "empty"
	}
	return quoted(n.Text)
}
