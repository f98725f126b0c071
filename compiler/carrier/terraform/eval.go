package terraform

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

const deepestValue = 400 // levels of expressions, through locals and modules

// value evaluates an expression.
func (e *evaluator) value(x hclsyntax.Expression, s *scope) *value {
	e.depth++
	e.budget--
	defer func() { e.depth-- }()
	if e.depth > deepestValue || e.budget < 0 {
		e.tooLarge(x.Range())
		return e.derived(s, x.Range(), nil)
	}
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.literal(x.Val, x.SrcRange)
	case *hclsyntax.TemplateExpr:
		return e.bounded(e.template(x, s), largest, s, x.SrcRange)
	case *hclsyntax.TemplateWrapExpr:
		return e.value(x.Wrapped, s)
	case *hclsyntax.TemplateJoinExpr:
		return e.bounded(e.joined(x, s), largest, s, x.Range())
	case *hclsyntax.ParenthesesExpr:
		return e.value(x.Expression, s)
	case *hclsyntax.ObjectConsKeyExpr:
		if name := hcl.ExprAsKeyword(x.Wrapped); name != "" && !x.ForceNonLiteral {
			return e.textAt(name, x.Range())
		}
		return e.value(x.Wrapped, s)
	case *hclsyntax.TupleConsExpr:
		out := newList(e.place(x.SrcRange))
		for _, item := range x.Exprs {
			out.items = append(out.items, e.value(item, s))
		}
		return e.bounded(out, largest, s, x.SrcRange)
	case *hclsyntax.ObjectConsExpr:
		return e.bounded(e.object(x, s), largest, s, x.SrcRange)
	case *hclsyntax.ScopeTraversalExpr:
		return e.traverse(x.Traversal, s, x.SrcRange)
	case *hclsyntax.RelativeTraversalExpr:
		return e.steps(e.value(x.Source, s), x.Traversal, s, x.SrcRange)
	case *hclsyntax.IndexExpr:
		return e.index(e.value(x.Collection, s), e.value(x.Key, s), s, x.SrcRange)
	case *hclsyntax.SplatExpr:
		return e.bounded(e.splat(x, s), largest, s, x.SrcRange)
	case *hclsyntax.AnonSymbolExpr:
		if v := s.lookup(anonymous(x)); v != nil {
			return v
		}
		return e.derived(s, x.SrcRange, nil)
	case *hclsyntax.ForExpr:
		return e.bounded(e.forExpr(x, s), largest, s, x.SrcRange)
	case *hclsyntax.ConditionalExpr:
		return e.conditional(x, s)
	case *hclsyntax.FunctionCallExpr:
		return e.bounded(e.call(x, s), largest, s, x.Range())
	case *hclsyntax.BinaryOpExpr:
		return e.binary(x, s)
	case *hclsyntax.UnaryOpExpr:
		v := e.value(x.Val, s)
		if lit, ok := v.known(); ok && x.Op == hclsyntax.OpLogicalNot {
			return newBool(lit != "true", e.place(x.SrcRange))
		} else if ok {
			return newNumber(strings.TrimPrefix("-"+lit, "--"), e.place(x.SrcRange))
		}
		out := e.derived(s, x.SrcRange, v.firstHole())
		if x.Op == hclsyntax.OpLogicalNot && v.kind == unknown {
			out.truth = e.truthOf(v, x.Val.Range()).not()
		}
		return out
	default:
		return e.derived(s, x.Range(), nil)
	}
}

// splatMark begins the names of what a splat is at.
const splatMark = "splat at "

func anonymous(x *hclsyntax.AnonSymbolExpr) string {
	return splatMark + x.SrcRange.Filename + strconv.Itoa(x.SrcRange.Start.Byte) + "-" + strconv.Itoa(x.SrcRange.End.Byte)
}

func (e *evaluator) textAt(s string, r hcl.Range) *value {
	v := newText(s, e.place(r))
	if f := e.sources[r.Filename]; f != nil && e.models[r.Filename].file == nil {
		v.pieces[0].origin = originOf(f, r.Start.Byte, r.End.Byte, s)
	}
	return v
}

func (e *evaluator) literal(v cty.Value, r hcl.Range) *value {
	place := e.place(r)
	switch {
	case v.IsNull():
		return newNull(place)
	case v.Type() == cty.String:
		return e.textAt(v.AsString(), r)
	case v.Type() == cty.Bool:
		return newBool(v.True(), place)
	case v.Type() == cty.Number:
		return newNumber(decimal(v), place)
	default:
		return failure(place)
	}
}

// template puts a quoted text or a heredoc together.
func (e *evaluator) template(x *hclsyntax.TemplateExpr, s *scope) *value {
	out := newPieces(e.place(x.SrcRange))
	out.kind = text
	for _, part := range x.Parts {
		v := e.value(part, s)
		pieces, ok := v.texts()
		if !ok {
			if v.kind == failed || v.kind == null {
				return failure(out.place)
			}
			pieces = []piece{{hole: e.derived(s, part.Range(), v.firstHole()).hole}}
		}
		out.pieces = append(out.pieces, pieces...)
	}
	if len(out.pieces) == 0 {
		out.pieces = []piece{{origin: origin{place: out.place}}}
	}
	if h := out.onlyHole(); h != nil {
		return &value{kind: unknown, place: out.place, hole: h}
	}
	return out
}

// onlyHole is what is not known of a text that is nothing else; nil where there is more.
func (v *value) onlyHole() (h *hole) {
	for _, p := range v.pieces {
		if p.literal != "" || p.encoded != nil || h != nil {
			return nil
		}
		h = p.hole
	}
	return h
}

// joined is what a loop in a template writes.
func (e *evaluator) joined(x *hclsyntax.TemplateJoinExpr, s *scope) *value {
	v := e.value(x.Tuple, s)
	out := &value{kind: text, place: v.place}
	if v.kind != list {
		return e.derived(s, x.Range(), v.firstHole())
	}
	for _, item := range v.items {
		pieces, ok := item.texts()
		if !ok {
			return e.derived(s, x.Range(), v.firstHole())
		}
		out.pieces = append(out.pieces, pieces...)
	}
	if v.hole != nil {
		out.pieces = append(out.pieces, piece{hole: v.hole})
	}
	return out
}

func (e *evaluator) object(x *hclsyntax.ObjectConsExpr, s *scope) *value {
	out := &value{kind: object, place: e.place(x.SrcRange)}
	names := map[string]bool{}
	for _, item := range x.Items {
		name := e.value(item.KeyExpr, s)
		val := e.value(item.ValueExpr, s)
		switch name.kind {
		case text:
		case boolean, number:
			name = newText(name.literal, name.place)
		case unknown:
			name = &value{kind: text, place: name.place, pieces: []piece{{hole: name.hole}}}
		default:
			return failure(out.place)
		}
		if shown := name.shown(); names[shown] {
			e.duplicate(shown, name.place, out)
			out = out.with(name, val)
		} else {
			names[shown] = true
			out.fields = append(out.fields, field{name, val})
		}
	}
	return out
}

// pair is an element of a collection.
type pair struct{ key, value *value }

func (e *evaluator) forExpr(x *hclsyntax.ForExpr, s *scope) *value {
	in := e.value(x.CollExpr, s)
	place := e.place(x.SrcRange)
	out := newList(place)
	if x.KeyExpr != nil {
		out.kind = object
	}
	switch {
	case in.kind == handle:
		out.hole = e.blockOpen(in, s, x.SrcRange)
	case in.kind == unknown:
		return e.forUnknown(x, s, in, out)
	case in.kind == list, in.kind == object:
		if in.hole != nil {
			out.hole = e.derived(s, x.SrcRange, in.hole).hole
		}
	default:
		return failure(place)
	}
	for _, kv := range e.pairs(in) {
		vars := map[string]*value{x.ValVar: kv.value}
		if x.KeyVar != "" {
			vars[x.KeyVar] = kv.key
		}
		inner := s.with(vars)
		if x.CondExpr != nil {
			switch is, open := e.filtered(x, inner); {
			case open != nil:
				out.hole = e.derived(s, x.SrcRange, open).hole
				continue
			case !is:
				continue
			}
		}
		val := e.value(x.ValExpr, inner)
		if x.KeyExpr == nil {
			out.items = append(out.items, val)
			continue
		}
		key := e.value(x.KeyExpr, inner)
		pieces, ok := key.texts()
		if !ok {
			out.hole = e.derived(s, x.SrcRange, key.firstHole()).hole
			continue
		}
		name := &value{kind: text, place: key.place, pieces: pieces}
		if x.Group {
			if have := out.get(name.shown()); have != nil {
				val = newList(have.place, append(append([]*value{}, have.items...), val)...)
			} else {
				val = newList(val.place, val)
			}
		}
		out = out.with(name, val)
	}
	return out
}

// filtered reports whether the condition of a loop lets an element in. open is a hole that it rests on where that is not known.
func (e *evaluator) filtered(x *hclsyntax.ForExpr, s *scope) (is bool, open *hole) {
	var c *value
	rests := e.noting(func() { c = e.value(x.CondExpr, s) })
	e.note(rests)
	if lit, ok := c.known(); ok {
		return lit == "true", nil
	}
	t := e.truthOf(c, x.CondExpr.Range())
	if comes, assumed := e.decided(t); assumed {
		return comes, nil
	}
	if e.value(x.ValExpr, s).kind != unknown {
		e.offerUnless(rests, t.choice())
	}
	return false, cmp.Or(c.firstHole(), e.hole(symbol.Variable, t.ref, s, t.place))
}

// duplicate reports a key that an object has twice: the last counts.
func (e *evaluator) duplicate(name string, place diag.Place, in *value) {
	for _, f := range in.fields {
		if f.name.shown() != name {
			continue
		}
		key := "duplicate\x00" + place.File + strconv.Itoa(place.Range.Start.Offset)
		if e.reported[key] {
			return
		}
		e.reported[key] = true
		e.found = append(e.found, diag.Diagnostic{
			Rule: "compile", Reason: "duplicate-mapping-key", Category: "references", Severity: diag.Warning,
			Message: "the key `" + name + "` is already used in this object: Terraform uses the last one and ignores the one before",
			Help:    "keep one, or merge the two", Place: place, Related: []diag.Related{{Place: f.name.place, Message: "first used here"}},
		})
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
