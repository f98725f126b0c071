package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// convert gives a value the type of a variable: optional attributes of objects that are left out are null, or their default.
// https://developer.hashicorp.com/terraform/language/expressions/type-constraints
func (e *evaluator) convert(v *value, constraint hclsyntax.Expression, in *instance) *value {
	if v.kind == null || v.kind == unknown || v.kind == failed {
		return v
	}
	switch hcl.ExprAsKeyword(constraint) {
	case "string":
		return asText(v)
	case "bool":
		if b := asBool(v); b.kind != failed {
			return b
		}
		return v
	case "number":
		if n := asNumber(v); n.kind != failed {
			return n
		}
		return v
	}
	f, ok := constraint.(*hclsyntax.FunctionCallExpr)
	if !ok || len(f.Args) == 0 {
		return v
	}
	switch f.Name {
	case "optional":
		return e.convert(v, f.Args[0], in)
	case "list", "set":
		if v.kind != list {
			return v
		}
		out := *v
		out.size, out.isSet = 0, f.Name == "set"
		out.items = make([]*value, len(v.items))
		for i, item := range v.items {
			out.items[i] = e.convert(item, f.Args[0], in)
		}
		return &out
	case "map":
		if v.kind != object {
			return v
		}
		out := *v
		out.size, out.fields = 0, make([]field, len(v.fields))
		for i, fd := range v.fields {
			out.fields[i] = field{fd.name, e.convert(fd.value, f.Args[0], in)}
		}
		return &out
	case "object":
		shape, isObject := f.Args[0].(*hclsyntax.ObjectConsExpr)
		if v.kind != object || !isObject {
			return v
		}
		return e.convertObject(v, shape, in)
	}
	return v
}

func (e *evaluator) convertObject(v *value, shape *hclsyntax.ObjectConsExpr, in *instance) *value {
	out := &value{kind: object, place: v.place, hole: v.hole}
	for _, item := range shape.Items {
		name := e.value(item.KeyExpr, &scope{in: in})
		given := v.get(name.shown())
		f, isCall := item.ValueExpr.(*hclsyntax.FunctionCallExpr)
		optional := isCall && f.Name == "optional"
		switch {
		case given != nil && (given.kind != null || !optional || len(f.Args) < 2):
			given = e.convert(given, item.ValueExpr, in)
		case v.hole != nil || !optional:
			continue
		case len(f.Args) > 1:
			given = e.convert(e.value(f.Args[1], &scope{in: in}), f.Args[0], in)
		default:
			given = newNull(v.place)
		}
		out.fields = append(out.fields, field{name, given})
	}
	return out
}

// asBool is a text that is a boolean as one; failed where it is something else. What is not known stays so.
func asBool(v *value) *value {
	s, known := v.known()
	switch {
	case v.kind == boolean, v.kind == null, !known && (v.kind == unknown || v.kind == text):
		return v
	case v.kind == text && (s == "true" || s == "false"):
		return newBool(s == "true", v.place)
	}
	return failure(v.place)
}

// asNumber is a text that is a number as one; failed where it is something else. What is not known stays so.
func asNumber(v *value) *value {
	s, known := v.known()
	switch {
	case v.kind == number, v.kind == null, !known && (v.kind == unknown || v.kind == text):
		return v
	case v.kind == text:
		if n, err := cty.ParseNumberVal(s); err == nil {
			return newNumber(decimal(n), v.place)
		}
	}
	return failure(v.place)
}
