package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// Indentation finds what YAML reads otherwise than it was meant, as it is indented wrongly: an item that became text of the item
// before it, and an empty field whose content is written next to it. Nothing else can be said of such a document.
func Indentation(root *source.Node) diag.List {
	if root == nil {
		return nil
	}
	var found diag.List
	indentation(root, "", &found)
	found.Sort()
	return found
}

// proseFields hold text for people, in which a line may start with a dash.
var proseFields = []string{"description", "reason", "labels"}

func indentation(n *source.Node, field string, found *diag.List) {
	switch at, ok := n.RunOn(); {
	case ok && source.IsBareDash(n.Text):
		at = n.Place
		at.Range.End = at.Range.Start
		at.Range.End.Offset++
		at.Range.End.Column++
		*found = append(*found, misplaced(at, "this dash has no blank behind it, so the items are read as one text: "+quoted(n.Text), "write a blank behind it"))
	case ok:
		*found = append(*found, misplaced(at, "this item is read as text of the one above: "+quoted(n.Text),
			"indent the items of one list alike; put text that starts with a dash in quotes"))
	}
	for _, item := range n.Items {
		indentation(item, field, found)
	}
	for _, m := range n.Members {
		if slices.Contains(proseFields, m.Key.Text) {
			continue
		}
		if keys := beside(n, field, m); len(keys) > 0 {
			*found = append(*found, besideEmpty(m, keys))
			continue
		}
		indentation(m.Value, m.Key.Text, found)
	}
}

// besideEmpty reports a field that is empty, and whose content is written next to it.
func besideEmpty(m source.Member, keys []*source.Node) diag.Diagnostic {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = quoted(key.Text)
	}
	verb, pronoun := "is", "it"
	if len(keys) > 1 {
		verb, pronoun = "are", "them"
	}
	help := fmt.Sprintf("indent %s below %s", pronoun, quoted(m.Key.Text+":"))
	if m.Value.Kind != source.Scalar {
		help = fmt.Sprintf("move %s into the brackets of %s, or indent %s below it", pronoun, quoted(m.Key.Text), pronoun)
	}
	d := misplaced(keys[0].Place, fmt.Sprintf("%s is empty, and %s %s at its level, where it does not belong", quoted(m.Key.Text), diag.Join(names, "and"), verb), help)
	if len(keys) > 1 {
		d.Message = strings.Replace(d.Message, "where it does not", "where they do not", 1)
	}
	d.Related = []diag.Related{{Place: m.Key.Place, Message: "this is empty"}}
	return d
}

func misplaced(at diag.Place, message, help string) diag.Diagnostic {
	return diag.Diagnostic{Rule: "syntax", Reason: "indentation", Category: "spec", Severity: diag.Error, Message: message, Help: help, Place: at}
}

// beside gives the keys of what was meant to be in an empty field of a mapping and is written next to it. field is the mapping's own
// name, or that of the list which it is an item of.
func beside(n *source.Node, field string, m source.Member) []*source.Node {
	if !isEmpty(m.Value) {
		return nil
	}
	belongs := contentOf(field, m.Key.Text)
	if belongs == nil {
		return nil
	}
	var keys []*source.Node
	for _, other := range n.Members {
		if other.Key != m.Key && belongs(other.Key.Text) {
			keys = append(keys, other.Key)
		}
	}
	return keys
}

func isEmpty(n *source.Node) bool {
	return n.IsNull() || n.Kind != source.Scalar && len(n.Items)+len(n.Members) == 0
}

// contentOf gives the names that belong only inside a field, never at its level; nil where any may be at its level.
func contentOf(field, name string) func(string) bool {
	grammar := facts.PolicyGrammar()
	switch name {
	case "Principal", "NotPrincipal":
		return func(other string) bool { return slices.Contains(grammar.PrincipalTypes, other) }
	case "Condition":
		return isOperator
	case "Statement", "statements":
		return func(other string) bool { return slices.Contains(grammar.StatementElements, other) }
	case "policy":
		return func(other string) bool { return other == "Statement" || other == "Version" }
	case "trust":
		return func(other string) bool { return other == "organizations" }
	case "parameters":
		if field == "include" || field == "used_by" {
			return func(other string) bool { return other != "template" }
		}
	}
	if field == "Condition" && isOperator(name) {
		return func(other string) bool { return strings.Contains(other, ":") && !isOperator(other) }
	}
	return nil
}

func isOperator(name string) bool {
	_, ok := facts.ParseOperator(name)
	return ok
}
