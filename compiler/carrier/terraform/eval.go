package terraform

import (
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
		e.report("terraform-too-large", "the module is evaluated no further here: its expressions are nested too deep, or make too many values",
			"split the module, or judge its plan: `terraform show -json`", e.place(x.Range()))
		return e.derived(s, x.Range(), nil)
	}
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.literal(x.Val, x.SrcRange)
	case *hclsyntax.TemplateExpr:
		return e.template(x, s)
	case *hclsyntax.TemplateWrapExpr:
		return e.value(x.Wrapped, s)
	case *hclsyntax.TemplateJoinExpr:
		return e.joined(x, s)
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
		return out
	case *hclsyntax.ObjectConsExpr:
		return e.object(x, s)
	case *hclsyntax.ScopeTraversalExpr:
		return e.traverse(x.Traversal, s, x.SrcRange)
	case *hclsyntax.RelativeTraversalExpr:
		return e.steps(e.value(x.Source, s), x.Traversal, s, x.SrcRange)
	case *hclsyntax.IndexExpr:
		return e.index(e.value(x.Collection, s), e.value(x.Key, s), s, x.SrcRange)
	case *hclsyntax.SplatExpr:
		return e.splat(x, s)
	case *hclsyntax.AnonSymbolExpr:
		if v := s.lookup(anonymous(x)); v != nil {
			return v
		}
		return e.derived(s, x.SrcRange, nil)
	case *hclsyntax.ForExpr:
		return e.forExpr(x, s)
	case *hclsyntax.ConditionalExpr:
		return e.conditional(x, s)
	case *hclsyntax.FunctionCallExpr:
		return e.call(x, s)
	case *hclsyntax.BinaryOpExpr:
		return e.binary(x, s)
	case *hclsyntax.UnaryOpExpr:
		v := e.value(x.Val, s)
		if lit, ok := v.known(); ok && x.Op == hclsyntax.OpLogicalNot {
			return newBool(lit != "true", e.place(x.SrcRange))
		} else if ok {
			return newNumber(strings.TrimPrefix("-"+lit, "--"), e.place(x.SrcRange))
		}
		return e.derived(s, x.SrcRange, v.firstHole())
	default:
		return e.derived(s, x.Range(), nil)
	}
}

func anonymous(x *hclsyntax.AnonSymbolExpr) string {
	return "splat at " + x.SrcRange.Filename + strconv.Itoa(x.SrcRange.Start.Byte) + "-" + strconv.Itoa(x.SrcRange.End.Byte)
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
		return newNumber(v.AsBigFloat().Text('f', -1), place)
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
	return out
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
		return e.steps(e.local(s.in, name(1), s, place), t[min(2, len(t)):], s, r)
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
			return e.below(v, s, r)
		}
	}
	return v
}

// below is a part of a value that is not known.
func (e *evaluator) below(v *value, s *scope, r hcl.Range) *value {
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
			return e.below(newUnknown(v.hole), s, r)
		}
		return failure(e.place(r))
	case list: // the legacy x.0
		if _, err := strconv.Atoi(name); err == nil {
			return e.index(v, newNumber(name, v.place), s, r)
		}
		return failure(e.place(r))
	case unknown:
		return e.below(v, s, r)
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
		return e.below(v, s, r)
	case !known:
		return e.derived(s, r, key.firstHole())
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
			return e.below(newUnknown(v.hole), s, r)
		}
	}
	return failure(e.place(r))
}

// pair is an element of a collection.
type pair struct{ key, value *value }

// pairs are the elements of a collection that are known.
func (e *evaluator) pairs(v *value) []pair {
	var out []pair
	switch v.kind {
	case list:
		for i, item := range v.items {
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
		return out.open(e.derived(s, x.SrcRange, in.hole).hole)
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
			c := e.value(x.CondExpr, inner)
			switch lit, ok := c.known(); {
			case !ok:
				out.hole = e.derived(s, x.SrcRange, c.firstHole()).hole
				continue
			case lit != "true":
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

func (e *evaluator) conditional(x *hclsyntax.ConditionalExpr, s *scope) *value {
	c := e.value(x.Condition, s)
	if lit, ok := c.known(); ok {
		if lit == "true" {
			return e.value(x.TrueResult, s)
		}
		return e.value(x.FalseResult, s)
	}
	if c.kind == failed {
		return c
	}
	a, b := e.value(x.TrueResult, s), e.value(x.FalseResult, s)
	return e.either(a, b, e.derived(s, x.SrcRange, c.firstHole()))
}

// either is one of two values, and what is common to both is known.
func (e *evaluator) either(a, b, otherwise *value) *value {
	switch {
	case a.kind == failed:
		return b
	case b.kind == failed:
		return a
	case a.key() == b.key():
		return a
	case a.kind == list && b.kind == list:
		have := map[string]bool{}
		for _, i := range b.items {
			have[i.key()] = true
		}
		out := newList(otherwise.place).open(otherwise.hole)
		for _, i := range a.items {
			if have[i.key()] {
				out.items = append(out.items, i)
			}
		}
		return out
	case a.kind == object && b.kind == object:
		out := &value{kind: object, place: otherwise.place, hole: otherwise.hole}
		for _, f := range a.fields {
			if other := b.get(f.name.shown()); other != nil {
				h := *otherwise.hole
				h.Definition += " " + f.name.shown()
				out.fields = append(out.fields, field{f.name, e.either(f.value, other, newUnknown(&h))})
			}
		}
		return out
	case a.encoded != nil && b.encoded != nil:
		both := e.either(a.encoded, b.encoded, otherwise)
		if both.kind == object {
			both.hole = nil
			return &value{kind: text, place: both.place, encoded: both}
		}
	case a.kind == text && isNothing(b):
		otherwise.either = a
	case b.kind == text && isNothing(a):
		otherwise.either = b
	}
	return otherwise
}

// isNothing says whether a value stands for an attribute that is not given.
func isNothing(v *value) bool { return v.kind == null || v.isEmpty() }

func (e *evaluator) binary(x *hclsyntax.BinaryOpExpr, s *scope) *value {
	a, b := e.value(x.LHS, s), e.value(x.RHS, s)
	place := e.place(x.SrcRange)
	if a.kind == failed || b.kind == failed {
		return failure(place)
	}
	la, aok := a.known()
	lb, bok := b.known()
	switch x.Op {
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		decides := "false"
		if x.Op == hclsyntax.OpLogicalOr {
			decides = "true"
		}
		switch {
		case aok && la == decides, bok && lb == decides:
			return newBool(decides == "true", place)
		case aok && bok:
			return newBool(decides != "true", place)
		}
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		if same, ok := equal(a, b); ok {
			return newBool(same == (x.Op == hclsyntax.OpEqual), place)
		}
	default:
		if aok && bok {
			return e.arithmetic(x, la, lb, place)
		}
		if lb == "0" && x.Op == hclsyntax.OpGreaterThan && a.least > 0 {
			return newBool(true, place)
		}
	}
	h := a.firstHole()
	if h == nil {
		h = b.firstHole()
	}
	return e.derived(s, x.SrcRange, h)
}

// equal says whether two values are equal, as far as that is known.
func equal(a, b *value) (same, ok bool) {
	if a.kind == null || b.kind == null {
		if a.kind == unknown || b.kind == unknown {
			return false, false
		}
		return a.kind == b.kind, true
	}
	la, aok := a.known()
	lb, bok := b.known()
	switch {
	case aok && bok:
		return la == lb, true
	case a.key() == b.key():
		return true, true
	case a.firstHole() == nil && b.firstHole() == nil && a.kind != handle && b.kind != handle:
		return false, true
	}
	return false, false
}

func (e *evaluator) arithmetic(x *hclsyntax.BinaryOpExpr, a, b string, place diag.Place) *value {
	na, erra := cty.ParseNumberVal(a)
	nb, errb := cty.ParseNumberVal(b)
	if erra != nil || errb != nil {
		return failure(place)
	}
	out, err := x.Op.Impl.Call([]cty.Value{na, nb})
	if err != nil {
		return failure(place)
	}
	if out.Type() == cty.Bool {
		return newBool(out.True(), place)
	}
	return newNumber(out.AsBigFloat().Text('f', -1), place)
}

// duplicate reports a key that an object has twice: the last counts.
func (e *evaluator) duplicate(name string, place diag.Place, in *value) {
	for _, f := range in.fields {
		if f.name.shown() != name {
			continue
		}
		key := "duplicate\x00" + place.File + strconv.Itoa(place.Range.Start.Offset)
		if e.told[key] {
			return
		}
		e.told[key] = true
		e.found = append(e.found, diag.Diagnostic{
			Rule: "compile", Reason: "duplicate-mapping-key", Category: "references", Severity: diag.Warning,
			Message: "the key `" + name + "` is already used in this object: Terraform takes the last one and drops the one before",
			Help:    "keep one, or merge the two", Place: place, Related: []diag.Related{{Place: f.name.place, Message: "first used here"}},
		})
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
