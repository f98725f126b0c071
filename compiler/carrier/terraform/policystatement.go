package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// statement builds one statement from its block.
func (e *evaluator) statement(b made) *value {
	out := &value{kind: object, place: b.place}
	add := func(name string, at diag.Place, v *value) {
		if v != nil {
			out.fields = append(out.fields, field{newText(name, at), v})
		}
	}
	single := func(name, written string) bool {
		v := e.attributeOf(b.body, written, b.scope)
		if v != nil {
			add(name, e.place(b.body.Attributes[written].NameRange), v)
		}
		return v != nil
	}
	several := func(name, written string) {
		if a := b.body.Attributes[written]; a != nil {
			add(name, e.place(a.NameRange), e.texts(a, b.scope))
		}
	}
	single("Sid", "sid")
	if !single("Effect", "effect") {
		add("Effect", b.place, newText("Allow", b.place))
	}
	for _, name := range []struct{ element, block string }{{"Principal", "principals"}, {"NotPrincipal", "not_principals"}} {
		v, at := e.principals(b, name.block)
		add(name.element, at, v)
	}
	several("Action", "actions")
	several("NotAction", "not_actions")
	several("Resource", "resources")
	several("NotResource", "not_resources")
	v, at := e.conditions(b)
	add("Condition", at, v)
	return out
}

// texts is a list of texts; nil where none is given.
func (e *evaluator) texts(a *hclsyntax.Attribute, s *scope) *value {
	v := e.value(a.Expr, s)
	switch v.kind {
	case list:
		if len(v.items) == 0 && v.hole == nil {
			return nil
		}
		out := newList(v.place)
		out.hole = v.hole
		for _, i := range v.items {
			switch i.kind {
			case text, boolean, number, unknown:
				out.items = append(out.items, iamVariables(asText(i)))
			case null:
			default:
				out.items = append(out.items, e.derived(s, a.Expr.Range(), i.firstHole()))
			}
		}
		return out
	case null:
		return nil
	case unknown:
		return newList(v.place).open(v.hole)
	case text, boolean, number: // Terraform refuses it, or makes a list of it
		return newList(v.place, iamVariables(asText(v)))
	default:
		return newList(v.place).open(e.derived(s, a.Expr.Range(), v.firstHole()).hole)
	}
}

// principals builds Principal from its blocks: {"AWS": […], "Service": […]}, or "*" where the type is "*".
func (e *evaluator) principals(b made, name string) (*value, diag.Place) {
	blocks, more := e.blocks(b.body, name, b.scope)
	if len(blocks) == 0 && more == nil {
		return nil, b.place
	}
	out := &value{kind: object, place: b.place, hole: more}
	at := b.place
	if len(blocks) > 0 {
		at = blocks[0].place
		out.place = at
	}
	for _, p := range blocks {
		kind := e.attributeOf(p.body, "type", p.scope)
		var identifiers *value
		if a := p.body.Attributes["identifiers"]; a != nil {
			identifiers = e.texts(a, p.scope)
		}
		if kind == nil || identifiers == nil {
			identifiers = newList(p.place)
		}
		name, known := "", false
		if kind != nil {
			name, known = kind.known()
		}
		switch {
		case !known:
			if h := kind.firstHole(); h != nil {
				out.hole = out.hole.and(e.derived(p.scope, p.body.SrcRange, h).hole)
			}
			if out.hole == nil {
				out.hole = e.hole(symbol.Computed, "principals", p.scope, p.place)
				out.hole.Definition = "of " + e.identity(p.body.SrcRange, p.scope)
			}
		case name == "*":
			return newText("*", kind.place), at
		default:
			addList(out, newText(name, kind.place), identifiers)
		}
	}
	return out, at
}

// addList adds a field with a list to an object, or the list's items to those that the field has.
func addList(to, name, items *value) {
	shown := name.shown()
	for i, f := range to.fields {
		if f.name.shown() != shown {
			continue
		}
		all := newList(f.value.place, append(append([]*value{}, f.value.items...), items.items...)...)
		all.hole = f.value.hole.and(items.hole)
		to.fields[i].value = all
		return
	}
	to.fields = append(to.fields, field{name, items})
}

// conditions builds Condition from its blocks: {test: {variable: [values]}}.
func (e *evaluator) conditions(b made) (*value, diag.Place) {
	blocks, more := e.blocks(b.body, "condition", b.scope)
	if len(blocks) == 0 && more == nil {
		return nil, b.place
	}
	out := &value{kind: object, place: b.place, hole: more}
	if len(blocks) > 0 {
		out.place = blocks[0].place
	}
	for _, c := range blocks {
		test, variable := e.attributeOf(c.body, "test", c.scope), e.attributeOf(c.body, "variable", c.scope)
		if test == nil || variable == nil || test.kind == unknown {
			out.hole = out.hole.and(e.derived(c.scope, c.body.SrcRange, test.firstHole()).hole)
			continue
		}
		if variable.kind == unknown {
			variable = &value{kind: text, place: variable.place, pieces: []piece{{hole: variable.hole}}}
		}
		values := newList(c.place)
		if a := c.body.Attributes["values"]; a != nil {
			if v := e.texts(a, c.scope); v != nil {
				values = v
			}
		}
		keys := out.get(test.shown())
		if keys == nil {
			keys = &value{kind: object, place: test.place}
			out.fields = append(out.fields, field{test, keys})
		}
		addList(keys, variable, values)
	}
	return out, out.place
}

// iamVariables writes IAM's variables, which the data source takes as &{…}, as IAM has them.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document#context-variable-interpolation
func iamVariables(v *value) *value {
	if v.kind != text || v.encoded != nil {
		return v
	}
	out := *v
	out.pieces = append([]piece{}, v.pieces...)
	for i, p := range out.pieces {
		out.pieces[i].literal = strings.ReplaceAll(p.literal, "&{", "${")
	}
	return &out
}
