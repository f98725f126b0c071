package keypolicy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// mostListed is how many texts of a list are kept as they are; longer lists are identified by their digest.
const mostListed = 20

// ofForm are the categories of rules that are about how a policy is written, and not about what it gives.
var ofForm = []string{"", "grammar", "redundancy", "spec", "references", "hygiene"}

// scopeOf is what the statement of a finding says of access; nil for rules about form and where the statement is not one of the
// policy's. Of the list that the literal at fault is in, the others do not count. What is of several statements has none.
func scopeOf(d diag.Diagnostic, statement *source.Node) *diag.Scope {
	if statement == nil || statement.Kind != source.Mapping || slices.Contains(ofForm, d.Category) || isAcrossStatements(d) {
		return nil
	}
	s := diag.Scope{Effect: element(statement, "Effect").text()}
	literals := strings.Split(d.Identity.Literal, diag.BetweenLiterals)
	of := func(other string, list []string, literal func(string) string) []string {
		if d.Identity.Literal != "" && !strings.Contains(d.Identity.Element, other) && !slices.ContainsFunc(literals, func(one string) bool { return !slices.Contains(list, literal(one)) }) {
			return nil
		}
		return list
	}
	same := func(text string) string { return text }
	s.Principals = sortedTexts(of("/Action", slices.Concat(principals(statement, "Principal", ""), principals(statement, "NotPrincipal", "not ")), same))
	s.Actions = sortedTexts(of("/Principal", slices.Concat(actions(statement, "Action", ""), actions(statement, "NotAction", "not ")), strings.ToLower))
	s.Conditions = sortedTexts(conditions(statement))
	return &s
}

// isAcrossStatements reports whether a finding's places are of several statements, or of several files.
func isAcrossStatements(d diag.Diagnostic) bool {
	return slices.ContainsFunc(d.Among, func(p diag.Place) bool {
		return p.File != d.Place.File || statementPath(p.Path) != statementPath(d.Place.Path)
	})
}

// statementPath is a pointer up to the first position in a list.
func statementPath(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if token != "" && strings.Trim(token, "0123456789") == "" {
			return strings.Join(tokens[:i+1], "/")
		}
	}
	return pointer
}

// elementNode is an element's value, which may be missing.
type elementNode struct{ *source.Node }

func (w elementNode) text() string {
	if w.Node == nil {
		return ""
	}
	return w.Text
}

// texts are the texts of one value or of a list.
func (w elementNode) texts() []string {
	switch {
	case w.Node == nil:
		return nil
	case w.Kind == source.Scalar:
		return []string{w.Text}
	}
	var list []string
	for _, item := range w.Items {
		list = append(list, textOf(item))
	}
	return list
}

// element is a statement's element, in a policy's words or in a spec's.
func element(statement *source.Node, name string) elementNode {
	for _, m := range statement.Members {
		if strings.EqualFold(strings.ReplaceAll(m.Key.Text, "_", ""), name) {
			return elementNode{m.Value}
		}
	}
	return elementNode{}
}

// textOf is a scalar's text, and the JSON of what should have been one.
func textOf(n *source.Node) string {
	if n.Kind == source.Scalar {
		return n.Text
	}
	text, _ := json.Marshal(n.Any()) //nolint:errchkjson // a node's value always has a text
	return string(text)
}

func principals(statement *source.Node, name, prefix string) (list []string) {
	e := element(statement, name)
	if e.Node != nil && e.Kind == source.Mapping {
		for _, m := range e.Members {
			list = append(list, prefixed(prefix, elementNode{m.Value}.texts())...)
		}
		return list
	}
	return prefixed(prefix, e.texts())
}

func actions(statement *source.Node, name, prefix string) (list []string) {
	for _, text := range element(statement, name).texts() {
		list = append(list, prefix+strings.ToLower(text))
	}
	return list
}

func prefixed(prefix string, list []string) []string {
	out := make([]string, 0, len(list))
	for _, text := range list {
		out = append(out, prefix+text)
	}
	return out
}

func conditions(statement *source.Node) (list []string) {
	add := func(operator, key string, values []string) {
		slices.Sort(values)
		text, _ := json.Marshal(slices.Compact(values)) //nolint:errchkjson // texts always have one
		list = append(list, fmt.Sprintf("%s %s %s", operator, key, text))
	}
	if e := element(statement, "Condition"); e.Node != nil && e.Kind == source.Mapping {
		for _, operator := range e.Members {
			if operator.Value.Kind != source.Mapping {
				add(operator.Key.Text, "", []string{textOf(operator.Value)})
				continue
			}
			for _, key := range operator.Value.Members {
				add(operator.Key.Text, key.Key.Text, elementNode{key.Value}.texts())
			}
		}
	} else if e.Node != nil {
		add("Condition", "", []string{textOf(e.Node)})
	}
	for _, name := range []string{"Resource", "NotResource"} {
		if values := element(statement, name).texts(); len(values) > 0 && !slices.Contains(values, "*") {
			add(name, "arn", values)
		}
	}
	return list
}

// sortedTexts sorts a list, and writes a long text or a long list as its digest.
func sortedTexts(list []string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, text := range list {
		out = append(out, short(text))
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > mostListed {
		return []string{shortDigest([]byte(strings.Join(out, "\n")))}
	}
	return out
}

// isWithin reports whether a statement gives no more than another one gave: it is false where that is not plain to see. What a Deny
// takes away is at fault in some findings, and what it leaves in others: each change of it counts.
func isWithin(now, was *BaselineScope) bool {
	if now.Effect != "Allow" || was.Effect != "Allow" {
		return scopeText(now) == scopeText(was)
	}
	same := func(pattern, text string) bool { return pattern == text || pattern == "*" }
	matches := func(pattern, text string) bool {
		return pattern == text || !strings.Contains(pattern, "?") && glob.MatchFold(pattern, text)
	}
	return isCovered(now.Principals, was.Principals, same) && isCovered(now.Actions, was.Actions, matches) &&
		!slices.ContainsFunc(was.Conditions, func(old string) bool {
			return !slices.ContainsFunc(now.Conditions, func(one string) bool { return isAsStrict(one, old) })
		})
}

// isCovered reports whether a list names nothing that another one does not. What is left out by Not has to be left out still.
func isCovered(now, was []string, covers func(pattern, text string) bool) bool {
	isNot := func(text string) bool { return strings.HasPrefix(text, "not ") }
	if slices.ContainsFunc(was, isNot) {
		return !slices.ContainsFunc(was, func(text string) bool { return !slices.Contains(now, text) }) &&
			!slices.ContainsFunc(now, func(text string) bool { return !isNot(text) && !slices.Contains(was, text) })
	}
	if slices.ContainsFunc(now, isNot) {
		return slices.ContainsFunc(was, func(pattern string) bool { return covers(pattern, "*") })
	}
	return !slices.ContainsFunc(now, func(text string) bool {
		return !slices.ContainsFunc(was, func(pattern string) bool { return covers(pattern, text) })
	})
}

// isAsStrict reports whether a condition holds only where another one does: it is the same, or has fewer values to meet.
func isAsStrict(now, was string) bool {
	if now == was {
		return true
	}
	one, other := strings.SplitN(now, " ", 3), strings.SplitN(was, " ", 3)
	if len(one) != 3 || len(other) != 3 || one[0] != other[0] || one[1] != other[1] || !isPositive(one[0]) {
		return false
	}
	var fewer, more []string
	if json.Unmarshal([]byte(one[2]), &fewer) != nil || json.Unmarshal([]byte(other[2]), &more) != nil || len(fewer) == 0 {
		return false
	}
	return !slices.ContainsFunc(fewer, func(value string) bool { return !slices.Contains(more, value) })
}

// isPositive reports whether a condition with fewer values is met by fewer requests.
func isPositive(operator string) bool {
	return !strings.Contains(operator, "Not") && !strings.Contains(operator, "Null") && !strings.Contains(operator, "Greater") && !strings.Contains(operator, "Less")
}

func scopeText(s *BaselineScope) string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%q", *s)
}
