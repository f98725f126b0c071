package spec

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// Template is one policy, or a part of one, for many keys.
type Template struct {
	Root        *source.Node
	Name        *source.Node
	Description *source.Node
	Parameters  []Parameter // in the order written
	Builtin     bool
}

// Parameter is a template's parameter: a JSON Schema and, in it, a default.
type Parameter struct {
	Name    *source.Node
	Schema  *source.Node
	Default *source.Node // nil where a value is required
}

// IsTemplate reports whether a mapping is a template: it has the field template.
func IsTemplate(root *source.Node) bool { return root.Member("template") != nil }

// ParseTemplate reads a template from its mapping.
func ParseTemplate(root *source.Node) *Template {
	t := &Template{Root: root, Name: root.Get("template"), Description: root.Get("description")}
	if parameters := root.Get("parameters"); parameters != nil {
		for _, m := range parameters.Members {
			t.Parameters = append(t.Parameters, Parameter{Name: m.Key, Schema: m.Value, Default: m.Value.Get("default")})
		}
	}
	return t
}

// IsUse reports whether a mapping with the field template is most likely a spec that uses the template, written with template
// in place of policytemplate: it refers to no parameter, has no form that excludes a template, and has no body, a field
// that only specs have, or values in place of the parameters' schemas.
func (t *Template) IsUse() bool {
	body := t.BodyMembers()
	if slices.ContainsFunc(body, func(m source.Member) bool {
		return !slices.Contains(besideUse, m.Key.Text) || refers(m.Key) || refers(m.Value)
	}) {
		return false
	}
	isSchema := func(p Parameter) bool {
		return p.Schema.Kind == source.Mapping || p.Schema.Kind == source.Scalar && p.Schema.Type == source.Bool
	}
	return len(body) == 0 && len(t.Parameters) == 0 && t.Root.Get("parameters") == nil ||
		slices.ContainsFunc(body, func(m source.Member) bool { return slices.Contains(onlyOfSpecs, m.Key.Text) }) ||
		slices.ContainsFunc(t.Parameters, func(p Parameter) bool { return !isSchema(p) })
}

var (
	// onlyOfSpecs are fields that a spec has and a template has not.
	onlyOfSpecs = []string{"account", "expect", "key", "key_spec", "key_usage", "labels", "multi_region", "name", "origin", "partition", "region", "regions"}
	// besideUse are the fields of a spec that can be there beside policytemplate.
	besideUse = append([]string{"allow_key_deletion", "delegate_to_iam", "include", "statements", "used_by"}, onlyOfSpecs...)
)

// refers reports whether a node has a $(name) in it.
func refers(n *source.Node) bool {
	return n.IsString() && strings.Contains(n.Text, "$(") ||
		slices.ContainsFunc(n.Items, refers) ||
		slices.ContainsFunc(n.Members, func(m source.Member) bool { return refers(m.Key) || refers(m.Value) })
}

// Parameter finds a parameter by its name; nil where there is none.
func (t *Template) Parameter(name string) *Parameter {
	for i := range t.Parameters {
		if t.Parameters[i].Name.Text == name {
			return &t.Parameters[i]
		}
	}
	return nil
}

// Formerly finds a parameter by a name that it had before; nil where there is none.
func (t *Template) Formerly(name string) *Parameter {
	for i := range t.Parameters {
		if old := t.Parameters[i].Schema.Get("formerly"); old != nil && slices.ContainsFunc(old.Items, func(n *source.Node) bool { return n.Text == name }) {
			return &t.Parameters[i]
		}
	}
	return nil
}

// BodyMembers are the fields that are the template's body.
func (t *Template) BodyMembers() []source.Member {
	var body []source.Member
	for _, m := range t.Root.Members {
		switch m.Key.Text {
		case "template", "description", "parameters":
		default:
			body = append(body, m)
		}
	}
	return body
}
