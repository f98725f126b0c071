package terraform

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// made is one nested block, with the scope of its dynamic block.
type made struct {
	body  *hclsyntax.Body
	scope *scope
	place diag.Place
}

// blocks are the nested blocks of a type, those of dynamic blocks among them; hole represents more that are not known.
// https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
func (e *evaluator) blocks(body *hclsyntax.Body, name string, s *scope) (list []made, more *hole) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == name:
			list = append(list, made{b.Body, s, e.blockPlace(b)})
		case b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == name:
			each, h := e.dynamic(b, name, s)
			list, more = append(list, each...), more.and(h)
		}
	}
	return list, more
}

func (e *evaluator) dynamic(b *hclsyntax.Block, name string, s *scope) (out []made, more *hole) {
	a := b.Body.Attributes["for_each"]
	if a == nil {
		return nil, nil
	}
	v := e.value(a.Expr, s)
	iterator := name
	if i := b.Body.Attributes["iterator"]; i != nil {
		if t, ok := i.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
			iterator = t.Traversal.RootName()
		}
	}
	switch v.kind {
	case list, object:
		more = e.made(b, s, v.hole)
	case handle:
		more = e.made(b, s, e.blockOpen(v, s, a.Expr.Range()))
	case null:
		return nil, nil
	default:
		return e.dynamicUnknown(b, name, iterator, s, v)
	}
	for _, content := range b.Body.Blocks {
		if content.Type != "content" {
			continue
		}
		for _, kv := range e.pairs(v) {
			item := &value{kind: object, place: kv.value.place, fields: []field{{newText("key", kv.key.place), kv.key}, {newText("value", kv.value.place), kv.value}}}
			out = append(out, made{content.Body, s.with(map[string]*value{iterator: item}), e.blockPlace(b)})
		}
	}
	return out, more
}

// made is the hole of the blocks that a dynamic one makes of a collection: they are what its content says too.
func (e *evaluator) made(b *hclsyntax.Block, s *scope, of *hole) *hole {
	if of == nil {
		return nil
	}
	h := *of
	h.Definition += " in " + e.identity(b.Range(), s)
	return &h
}
