package terraform

import (
	"cmp"
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func (e *evaluator) conditional(x *hclsyntax.ConditionalExpr, s *scope) *value {
	var c *value
	rests := e.noting(func() { c = e.value(x.Condition, s) })
	e.note(rests)
	lit, known := c.known()
	if c.kind == failed {
		return c
	}
	t := truth{}
	if !known {
		t = e.truthOf(c, x.Condition.Range())
		if comes, assumed := e.decided(t); assumed {
			lit, known = strconv.FormatBool(comes), true
		}
	}
	switch {
	case known && lit == "true":
		return e.value(x.TrueResult, s)
	case known:
		return e.value(x.FalseResult, s)
	}
	a, b := e.value(x.TrueResult, s), e.value(x.FalseResult, s)
	out := e.either(a, b, e.derived(s, x.SrcRange, c.firstHole()))
	if a.kind == failed || b.kind == failed || a.key() == b.key() {
		return out
	}
	e.offerUnless(rests, t.choice())
	if a.kind == boolean && b.kind == boolean {
		out.truth = t
		if a.literal == "false" {
			out.truth = t.not()
		}
	}
	if out.either != nil {
		out.given = pick{t.id, t.option(out.either == a)}
	}
	return out
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

// isNothing reports whether a value represents an attribute that is not given.
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
		case aok && b.kind == unknown:
			return b
		case bok && a.kind == unknown:
			return a
		case a.kind == unknown && b.kind == unknown:
			ta, tb := e.truthOf(a, x.LHS.Range()), e.truthOf(b, x.RHS.Range())
			if ta.id == tb.id && ta.negated == tb.negated {
				return a
			}
			if ta.id == tb.id {
				return newBool(decides == "true", place)
			}
			out := e.derived(s, x.SrcRange, a.firstHole())
			out.truth = e.junction(x, a, b)
			return out
		}
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		if same, ok := equal(a, b); ok {
			return newBool(same == (x.Op == hclsyntax.OpEqual), place)
		}
		out := e.derived(s, x.SrcRange, cmp.Or(a.firstHole(), b.firstHole()))
		out.truth = e.comparison(x, a, b)
		return out
	default:
		if aok && bok {
			return e.arithmetic(x, la, lb, place)
		}
		if lb == "0" && x.Op == hclsyntax.OpGreaterThan && a.least > 0 {
			return newBool(true, place)
		}
	}
	return e.derived(s, x.SrcRange, cmp.Or(a.firstHole(), b.firstHole()))
}

// equal reports whether two values are equal, as far as that is known.
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
	return newNumber(decimal(out), place)
}
