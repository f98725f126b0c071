package rules

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// marks are what is inside the texts of a document, whatever element they are of.
type marks struct {
	placeholders, variables, characters []*ast.Term
}

func readMarks(root *source.Node) *marks {
	m := &marks{}
	m.node(root, nil)
	return m
}

// step is where a node is in the one above it. Few texts have a mark: a path is made only for those.
type step struct {
	above *step
	name  any
}

func (s *step) path() diag.Path {
	if s == nil {
		return nil
	}
	return append(s.above.path(), s.name)
}

func (m *marks) node(n *source.Node, at *step) {
	if n == nil {
		return
	}
	switch n.Kind {
	case source.Mapping:
		for _, member := range n.Members {
			below := step{at, member.Key.Text}
			if member.Key.Parts == nil {
				m.text(member.Key.Text, &below, "key")
			}
			m.node(member.Value, &below)
		}
	case source.Sequence:
		for i, item := range n.Items {
			m.node(item, &step{at, i})
		}
	case source.Scalar:
		if n.Parts == nil { // what is not known has no characters of its own
			m.text(n.Text, at, "value")
		}
	}
}

func (m *marks) text(s string, step *step, at string) {
	c, refused := refusedCharacter(s)
	mark := policy.Placeholder(s)
	if !refused && mark == "" && !strings.Contains(s, "${") {
		return
	}
	path := step.path()
	element := elementOf(path)
	note := func(more ...member) *ast.Term {
		return object(append(
			more, every.text("text", s), every.term("path", pathTerm(path, 0)), every.text("at", at), every.text("element", element),
		)...)
	}
	if refused {
		m.characters = append(m.characters, note(
			every.text("character", c.character), every.text("code", c.code), every.number("position", c.position),
			every.text("instead", c.instead), every.truth("control", c.control),
		))
	}
	if mark != "" && (policy.IsDoubtlessPlaceholder(mark) || strings.HasSuffix(element, "Principal")) {
		m.placeholders = append(m.placeholders, note(every.text("mark", mark)))
	}
	family := ""
	if i := conditionAt(path); element == "Condition" && i < len(path) {
		operator, _ := path[i].(string)
		parsed, _ := facts.ParseOperator(operator)
		family = parsed.Base.Family
	}
	for _, v := range variables(s) {
		m.variables = append(m.variables, note(
			every.text("variable", v.text), every.text("name", v.name), every.text("fault", v.fault),
			every.text("nearest", v.nearest),
			every.text("family", family),
		))
	}
}

// elementOf is the element of the document or of the statement that a path leads into.
func elementOf(path diag.Path) string {
	element := ""
	for _, step := range path {
		name, ok := step.(string)
		if !ok {
			continue
		}
		element = name
		if name != "Statement" {
			break
		}
	}
	return element
}

// conditionAt is the position of the operator in a path into a Condition.
func conditionAt(path diag.Path) int {
	for i, step := range path {
		if step == "Condition" {
			return i + 1
		}
	}
	return len(path)
}

// variable is one ${…} in a text.
type variable struct {
	text, name string
	// fault is open (no closing brace), empty, space, quote or unknown; "" where the variable is right.
	fault, nearest string
}

// variables reads the policy variables in a text. Those of another tool are left out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func variables(s string) (all []variable) {
	for _, s, found := strings.Cut(s, "${"); found; _, s, found = strings.Cut(s, "${") {
		inside, rest, closed := strings.Cut(s, "}")
		switch {
		case !closed:
			return append(all, variable{text: "${" + s, name: s, fault: "open"})
		case !policy.IsForeignVariable(inside):
			all = append(all, readVariable(inside))
		}
		s = rest
	}
	return all
}

func readVariable(inside string) variable {
	name, otherwise, hasDefault := strings.Cut(inside, ",")
	v := variable{text: "${" + inside + "}", name: strings.TrimSpace(name)}
	prefix, _, _ := strings.Cut(v.name, ":")
	switch {
	case v.name == "*" || v.name == "?" || v.name == "$":
	case inside == "":
		v.fault = "empty"
	case strings.ContainsAny(v.name, " \t") || v.name != name:
		v.fault = "space"
	case hasDefault && !isQuoted(strings.TrimSpace(otherwise)):
		v.fault = "quote"
	case strings.EqualFold(prefix, "aws") || strings.EqualFold(prefix, "kms"):
		if _, _, known := facts.LookupConditionKey(v.name); !known {
			v.fault = "unknown"
			v.nearest, _ = facts.Nearest(v.name, conditionKeyNames())
		}
	}
	return v
}

func isQuoted(s string) bool { return len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' }

type refused struct {
	character, instead string
	code               string // as U+2019
	position           int
	control            bool // a control that the API's pattern takes and its guide does not
}

// alike are characters that word processors write, and what represents them.
var alike = map[rune]string{
	'\u2018': "'", '\u2019': "'", '\u201A': "'", '\u201C': `"`, '\u201D': `"`, '\u201E': `"`,
	'\u2010': "-", '\u2011': "-", '\u2012': "-", '\u2013': "-", '\u2014': "-", '\u2212': "-",
	'\u2026': "...", '\u2192': "->", '\u2022': "*", '\u202F': " ", '\u2009': " ", '\u2003': " ",
}

// refusedCharacter finds the first character that KMS does not accept in a policy.
func refusedCharacter(s string) (refused, bool) {
	position := 0
	for _, r := range s {
		position++
		if !facts.AllowedRune(r) {
			return refused{character: string(r), code: fmt.Sprintf("U+%04X", r), position: position, instead: alike[r], control: r >= 0x7F && r <= 0x9F}, true
		}
	}
	return refused{}, false
}

func hasRefusedCharacter(s string) bool {
	_, ok := refusedCharacter(s)
	return ok
}
