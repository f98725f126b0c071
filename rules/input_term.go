package rules

import (
	"slices"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// The makers of OPA's terms: inputs are built as they are, without a detour by JSON.

type member = [2]*ast.Term

// object makes an object of the members that have a value. It takes over the list.
func object(members ...member) *ast.Term {
	members = slices.DeleteFunc(members, func(m member) bool { return m[1] == nil })
	return ast.NewTerm(ast.NewObject(members...))
}

func field(name string, value *ast.Term) member { return member{ast.InternedTerm(name), value} }

// byName makes an object of a map.
func byName[T any](all map[string]T, term func(T) *ast.Term) *ast.Term {
	members := make([]member, 0, len(all))
	for name, value := range all {
		members = append(members, field(name, term(value)))
	}
	return object(members...)
}

// some makes a list that is left out where it is empty.
func some[T any](all []T, term func(T) *ast.Term) *ast.Term {
	if len(all) == 0 {
		return nil
	}
	return terms(all, term)
}

func text(s string) *ast.Term { return ast.InternedTerm(s) }

func truth(b bool) *ast.Term { return ast.InternedTerm(b) }

func number(n int) *ast.Term { return ast.InternedTerm(n) }

func list(items []*ast.Term) *ast.Term { return ast.ArrayTerm(items...) }

func texts(all []string) *ast.Term { return terms(all, text) }

// terms makes a list of what make makes of each item.
func terms[T any](all []T, term func(T) *ast.Term) *ast.Term {
	return numbered(all, func(_ int, v T) *ast.Term { return term(v) })
}

// numbered is terms for what needs the item's position too.
func numbered[T any](all []T, term func(int, T) *ast.Term) *ast.Term {
	items := make([]*ast.Term, len(all))
	for i, v := range all {
		items[i] = term(i, v)
	}
	return list(items)
}

// pathTerm writes a path without its first steps, which lead to the subject.
func pathTerm(path diag.Path, skip int) *ast.Term {
	if len(path) <= skip {
		return list(nil)
	}
	return terms(path[skip:], func(step any) *ast.Term {
		if i, ok := step.(int); ok {
			return number(i)
		}
		s, _ := step.(string)
		return text(s)
	})
}

// valueTerm writes a node as the plain value that it is; a number that JSON cannot write stays text.
func valueTerm(n *source.Node) *ast.Term {
	switch n.Kind {
	case source.Mapping:
		members := make([]member, len(n.Members))
		for i, m := range n.Members {
			members[i] = field(m.Key.Text, valueTerm(m.Value))
		}
		return object(members...)
	case source.Sequence:
		return terms(n.Items, valueTerm)
	default:
		return scalarTerm(n)
	}
}

func scalarTerm(n *source.Node) *ast.Term {
	switch n.Type {
	case source.Null:
		return ast.InternedNullTerm
	case source.Bool:
		if b, err := strconv.ParseBool(n.Text); err == nil {
			return truth(b)
		}
	case source.Int:
		if i, err := strconv.Atoi(n.Text); err == nil && strconv.Itoa(i) == n.Text {
			return number(i)
		}
	default:
	}
	return text(n.Text)
}

// typeName is what YAML or JSON takes a node for.
func typeName(n *source.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == source.Mapping:
		return "mapping"
	case n.Kind == source.Sequence:
		return "list"
	}
	switch n.Type {
	case source.Int:
		return "int"
	case source.Float:
		return "float"
	case source.Bool:
		return "bool"
	case source.Null:
		return "null"
	case source.Timestamp:
		return "timestamp"
	default:
		return "string"
	}
}

// isNumber reports whether YAML or JSON takes a node for a number.
func isNumber(n *source.Node) bool {
	return n != nil && n.Kind == source.Scalar && (n.Type == source.Int || n.Type == source.Float)
}

// isEmpty reports whether nothing is in a node: "", null, [] or {}.
func isEmpty(n *source.Node) bool {
	switch n.Kind {
	case source.Mapping:
		return len(n.Members) == 0
	case source.Sequence:
		return len(n.Items) == 0
	default:
		return n.IsNull() || n.Text == ""
	}
}

// readAs is what YAML makes of the digits of a number that is not quoted.
// https://yaml.org/type/int.html
func readAs(n *source.Node) string {
	if !isNumber(n) {
		return ""
	}
	if i, err := strconv.ParseInt(n.Text, 0, 64); err == nil {
		return strconv.FormatInt(i, 10)
	}
	if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return n.Text
}
