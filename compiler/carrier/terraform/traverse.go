package terraform

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/keypolicy/keypolicy/compiler/symbol"
)

func (e *evaluator) traverse(t hcl.Traversal, s *scope, r hcl.Range) *value {
	root := t.RootName()
	place := e.place(r)
	if v := s.lookup(root); v != nil {
		return e.steps(v, t[1:], s, r)
	}
	if s.isClosed() {
		return failure(place)
	}
	name := func(i int) string {
		if i < len(t) {
			switch step := t[i].(type) {
			case hcl.TraverseAttr:
				return step.Name
			case hcl.TraverseIndex:
				if step.Key.Type() == cty.String {
					return step.Key.AsString()
				}
			}
		}
		return ""
	}
	switch root {
	case "var":
		return e.steps(e.variable(s.in, name(1), place), t[min(2, len(t)):], s, r)
	case "local":
		return e.steps(e.local(s.in, name(1), place), t[min(2, len(t)):], s, r)
	case "each", "count":
		each := s.instanceOf()
		v := (*value)(nil)
		switch {
		case each == nil:
		case name(1) == "value":
			v = each.value
		default:
			v = each.key
		}
		if v == nil {
			return e.unknown(symbol.Variable, e.written(r), s, place)
		}
		return e.steps(v, t[min(2, len(t)):], s, r)
	case "path":
		v := newText(e.folder(s.in, name(1)), place)
		v.pieces[0].origin = origin{place: place, folder: true}
		return v
	case "module":
		b := s.in.config.calls[name(1)]
		return e.steps(&value{kind: handle, place: place, block: block{in: s.in, name: "module." + name(1), body: b, isCall: true}}, t[min(2, len(t)):], s, r)
	case "data":
		return e.resource(s, "data."+name(1)+"."+name(2), t, 3, r)
	case "terraform", "self":
		return e.unknown(symbol.Variable, e.written(r), s, place)
	}
	return e.resource(s, root+"."+name(1), t, 2, r)
}

func (e *evaluator) resource(s *scope, address string, t hcl.Traversal, from int, r hcl.Range) *value {
	if len(t) < from {
		return failure(e.place(r))
	}
	b := s.in.config.resources[address]
	return e.steps(&value{kind: handle, place: e.place(r), block: block{in: s.in, name: address, body: b}}, t[from:], s, r)
}

// folder is a path as templates see it.
func (e *evaluator) folder(in *instance, name string) string {
	if name == "module" {
		return in.config.folder
	}
	for in.up != nil {
		in = in.up
	}
	return in.config.folder
}

// steps follows attributes and indexes.
func (e *evaluator) steps(v *value, t hcl.Traversal, s *scope, r hcl.Range) *value {
	for i, step := range t {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			v = e.attribute(v, step.Name, s, r)
		case hcl.TraverseIndex:
			key := e.literal(step.Key, step.SrcRange)
			v = e.index(v, key, s, r)
		case hcl.TraverseSplat:
			return e.derived(s, r, v.firstHole())
		}
		if v.kind == failed {
			return v
		}
		if v.kind == unknown && i < len(t)-1 {
			return e.below(v, r)
		}
	}
	return v
}

// below is a part of a value that is not known.
func (e *evaluator) below(v *value, r hcl.Range) *value {
	h := *v.hole
	h.Ref, h.Shape, h.provider = e.written(r), symbol.AnyText, ""
	h.Place = e.place(r)
	if h.Kind == symbol.Own {
		h.Kind = symbol.Attribute
	}
	return newUnknown(&h)
}

func (e *evaluator) attribute(v *value, name string, s *scope, r hcl.Range) *value {
	switch v.kind {
	case handle:
		return e.blockAttribute(v, name, s, r)
	case object:
		if f := v.get(name); f != nil {
			return f
		}
		if v.hole != nil {
			return e.below(newUnknown(v.hole), r)
		}
		return failure(e.place(r))
	case list: // the legacy x.0
		if _, err := strconv.Atoi(name); err == nil {
			return e.index(v, newNumber(name, v.place), s, r)
		}
		return failure(e.place(r))
	case unknown:
		return e.below(v, r)
	default:
		return failure(e.place(r))
	}
}

func (e *evaluator) index(v, key *value, s *scope, r hcl.Range) *value {
	name, known := key.known()
	switch {
	case v.kind == handle:
		return e.blockIndex(v, key, s, r)
	case v.kind == unknown:
		return e.below(v, r)
	case !known:
		return e.member(v, key, s, r)
	case v.kind == object:
		return e.attribute(v, name, s, r)
	case v.kind == list:
		i, err := strconv.Atoi(name)
		switch {
		case err != nil:
			return failure(e.place(r))
		case i >= 0 && i < len(v.items):
			return v.items[i]
		case v.hole != nil:
			return e.below(newUnknown(v.hole), r)
		}
	}
	return failure(e.place(r))
}

// pairs are the elements of a collection that are known.
func (e *evaluator) pairs(v *value) []pair {
	var out []pair
	switch v.kind {
	case list:
		for i, item := range v.items {
			if v.isSet {
				out = append(out, pair{item, item})
				continue
			}
			out = append(out, pair{newNumber(strconv.Itoa(i), item.place), item})
		}
	case object:
		for _, f := range v.fields {
			out = append(out, pair{f.name, f.value})
		}
	case handle:
		return e.blockPairs(v)
	default:
	}
	return out
}

func (e *evaluator) splat(x *hclsyntax.SplatExpr, s *scope) *value {
	v := e.value(x.Source, s)
	out := newList(e.place(x.SrcRange))
	items := []pair{{nil, v}}
	switch {
	case v.kind == failed:
		return v
	case v.kind == null:
		return out
	case v.kind == list, v.kind == handle && e.isIndexed(v):
		items = e.pairs(v)
		out.hole = v.hole
		if v.kind == handle {
			out.hole = e.blockOpen(v, s, x.SrcRange)
		}
	case v.kind == unknown:
		return e.derived(s, x.SrcRange, v.hole)
	}
	for _, item := range items {
		each := e.value(x.Each, s.with(map[string]*value{anonymous(x.Item): item.value}))
		if each.kind == failed {
			return each
		}
		out.items = append(out.items, each)
	}
	return out
}
