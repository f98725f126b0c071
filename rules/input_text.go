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

// marks are what stands inside the texts of a document, whatever element they are of.
type marks struct {
	placeholders, variables, characters []*ast.Term
}

func readMarks(root *source.Node) *marks {
	m := &marks{}
	m.node(root, nil)
	return m
}

// step is where a node stands in the one above it. Few texts have a mark: a path is made for those alone.
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
	if refused {
		m.characters = append(m.characters, object(append(markMembers(s, path, at),
			field("character", text(c.character)), field("code", text(c.code)), field("position", number(c.position)), field("instead", text(c.instead)),
			field("control", truth(c.control)))...))
	}
	if mark != "" && (policy.IsDoubtlessPlaceholder(mark) || strings.HasSuffix(elementOf(path), "Principal")) {
		m.placeholders = append(m.placeholders, object(append(markMembers(s, path, at), field("mark", text(mark)))...))
	}
	if !strings.Contains(s, "${") {
		return
	}
	family := ""
	if element := elementOf(path); element == "Condition" {
		if i := conditionAt(path); i < len(path) {
			operator, _ := path[i].(string)
			parsed, _ := facts.ParseOperator(operator)
			family = parsed.Base.Family
		}
	}
	for _, v := range variables(s) {
		if v.placeholder {
			continue
		}
		m.variables = append(m.variables, object(append(markMembers(s, path, at),
			field("variable", text(v.text)), field("name", text(v.name)), field("fault", text(v.fault)), field("nearest", text(v.nearest)),
			field("family", text(family)))...))
	}
}

func markMembers(s string, path diag.Path, at string) []member {
	return pairs("text", s, "path", pathTerm(path, 0), "at", at, "element", elementOf(path))
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
	placeholder    bool // it is another tool's
}

// variables reads the policy variables in a text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func variables(s string) []variable {
	var all []variable
	for {
		start := strings.Index(s, "${")
		if start < 0 {
			return all
		}
		s = s[start:]
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return append(all, variable{text: s, name: s[2:], fault: "open"})
		}
		all = append(all, readVariable(s[:end+1]))
		s = s[end+1:]
	}
}

func readVariable(written string) variable {
	inside := written[2 : len(written)-1]
	v := variable{text: written}
	name, otherwise, hasDefault := strings.Cut(inside, ",")
	v.name = strings.TrimSpace(name)
	prefix, _, _ := strings.Cut(v.name, ":")
	switch {
	case v.name == "*" || v.name == "?" || v.name == "$":
	case inside == "":
		v.fault = "empty"
	case policy.IsForeignVariable(inside):
		v.placeholder = true
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

// alike are characters that word processors write, and what stands for them.
var alike = map[rune]string{
	'\u2018': "'", '\u2019': "'", '\u201A': "'", '\u201C': `"`, '\u201D': `"`, '\u201E': `"`,
	'\u2010': "-", '\u2011': "-", '\u2012': "-", '\u2013': "-", '\u2014': "-", '\u2212': "-",
	'\u2026': "...", '\u2192': "->", '\u2022': "*", '\u202F': " ", '\u2009': " ", '\u2003': " ",
}

// refusedCharacter finds the first character that KMS does not take in a policy.
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
