package terraform

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// documentText is the text that data.aws_iam_policy_document gives.
func (e *evaluator) documentText(b block) *value {
	place := e.blockPlace(b.body)
	key := "document " + b.address()
	if b.in.busy[key] {
		e.report("terraform-cycle", "`"+b.address()+"` refers to itself, directly or through others", "remove the reference that leads back to it", place)
		return e.unknown(symbol.Computed, b.name+".json", &scope{in: b.in}, place)
	}
	b.in.busy[key] = true
	defer delete(b.in.busy, key)
	return &value{kind: text, place: place, encoded: e.document(b.body, b.scope())}
}

// document builds the policy document of the data source from its blocks. Defaults are the provider's: the effect is Allow, the
// version 2012-10-17. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func (e *evaluator) document(b *hclsyntax.Block, s *scope) *value {
	place := e.blockPlace(b)
	statements := newList(place)
	list := func(single, several string) []*value {
		var out []*value
		if a := b.Body.Attributes[single]; a != nil {
			out = append(out, e.value(a.Expr, s))
		}
		if a := b.Body.Attributes[several]; a != nil {
			v := e.value(a.Expr, s)
			switch v.kind {
			case null, failed:
			default:
				out = append(out, v.items...)
				if h := v.hole; h != nil {
					out = append(out, newUnknown(h))
				}
			}
		}
		return out
	}
	for _, v := range list("source_json", "source_policy_documents") {
		merge(statements, e.statementsOf(v))
	}
	merge(statements, e.statements(b.Body, s, place))
	for _, v := range list("override_json", "override_policy_documents") {
		merge(statements, e.statementsOf(v))
	}
	out := &value{kind: object, place: place}
	add := func(name, written, otherwise string) {
		v, at := e.attributeOf(b.Body, written, s), place
		if v != nil {
			at = e.place(b.Body.Attributes[written].NameRange)
		} else if otherwise != "" {
			v = newText(otherwise, place)
		}
		if v != nil {
			out.fields = append(out.fields, field{newText(name, at), v})
		}
	}
	add("Version", "version", "2012-10-17")
	add("Id", "policy_id", "")
	out.fields = append(out.fields, field{newText("Statement", place), statements})
	return out
}

// attributeOf is an attribute of a block as a text; nil where it is not given, or null.
func (e *evaluator) attributeOf(body *hclsyntax.Body, name string, s *scope) *value {
	a := body.Attributes[name]
	if a == nil {
		return nil
	}
	v := e.value(a.Expr, s)
	switch {
	case v.kind == null || v.isEmpty():
		return nil
	case v.kind == failed:
		return e.derived(s, a.Expr.Range(), nil)
	}
	return iamVariables(asText(v))
}

// asText is a value as the provider takes it, which has texts only.
func asText(v *value) *value {
	if v.kind == boolean || v.kind == number {
		return newText(v.literal, v.place)
	}
	return v
}

// merge adds statements to a list. One with the Sid of a statement that is there takes its place.
func merge(to, more *value) {
	for _, st := range more.items {
		at := -1
		if sid := sidOf(st); sid != "" {
			for i, have := range to.items {
				if sidOf(have) == sid {
					at = i
				}
			}
		}
		if at >= 0 {
			to.items[at] = st
		} else {
			to.items = append(to.items, st)
		}
	}
	to.hole = to.hole.and(more.hole)
}

func sidOf(st *value) string {
	if st.kind != object {
		return ""
	}
	if v := st.get("Sid"); v != nil {
		s, _ := v.known()
		return s
	}
	return ""
}

// statementsOf are the statements of a document that is given as text; not known where the text is not.
func (e *evaluator) statementsOf(v *value) *value {
	root := v
	switch {
	case v.kind == unknown:
		return newList(v.place).open(v.hole)
	case v.kind != text || v.isEmpty():
		return newList(v.place)
	case v.encoded != nil:
		root = v.encoded
	default:
		decoded, _ := e.decode(v)
		if decoded == nil {
			out := newList(v.place)
			if h := v.firstHole(); h != nil {
				out.hole = h.within(v)
			}
			return out
		}
		root = decoded
	}
	if root.kind == unknown {
		return newList(root.place).open(root.hole)
	}
	st := root.get("Statement")
	switch {
	case st == nil && root.hole != nil:
		return newList(v.place).open(root.hole)
	case st == nil:
		return newList(v.place)
	case st.kind == list:
		return st
	case st.kind == unknown:
		return newList(st.place).open(st.hole)
	default:
		return newList(st.place, st)
	}
}

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
			key := kv.key
			if v.kind == list && key.kind == number && !isTuple(v) {
				key = kv.value
			}
			item := &value{kind: object, place: kv.value.place, fields: []field{{newText("key", key.place), key}, {newText("value", kv.value.place), kv.value}}}
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

// isTuple: lists and sets are not distinguished here; the key of a set's member is the member, which policies do not use.
func isTuple(*value) bool { return true }

func (e *evaluator) statements(body *hclsyntax.Body, s *scope, place diag.Place) *value {
	out := newList(place)
	blocks, more := e.blocks(body, "statement", s)
	for _, b := range blocks {
		out.items = append(out.items, e.statement(b))
	}
	out.hole = more
	return out
}
