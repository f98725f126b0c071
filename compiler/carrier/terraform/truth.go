package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// truth says when a value that is not known is true: two of one id are true together, or one is true where the other is false.
type truth struct {
	id      string // "" where nothing says that
	negated bool
	ref     string // what is true or false, as it is written
	place   diag.Place
	of, is  string // a comparison of a value with one that is known
}

func (t truth) not() truth {
	t.negated = !t.negated
	return t
}

// signed is one text for a truth.
func (t truth) signed() string {
	if t.negated {
		return "!" + t.id
	}
	return t.id
}

// truthOf is when a condition is true.
func (e *evaluator) truthOf(v *value, r hcl.Range) truth {
	switch {
	case v.truth.id != "":
		return v.truth
	case v.kind == unknown:
		return truth{id: v.key(), ref: v.hole.Ref, place: v.hole.Place}
	default:
		return truth{id: v.key(), ref: e.shortly(r), place: e.place(r)}
	}
}

// choice is what a condition comes to.
func (t truth) choice() choice {
	return choice{id: t.id, Choice: symbol.Choice{Ref: t.ref, Options: []string{"is false", "is true"}, Place: t.place}, of: t.of, is: t.is}
}

// option is the option of the choice by which the condition is as wanted.
func (t truth) option(wanted bool) int {
	if wanted != t.negated {
		return 1
	}
	return 0
}

// decided is what is supposed of a condition that is not known; false where nothing is.
func (e *evaluator) decided(t truth) (comes, assumed bool) {
	option, assumed := e.assumed[t.id]
	return (option == 1) != t.negated, assumed
}

// comparison is when two values are equal.
func (e *evaluator) comparison(x *hclsyntax.BinaryOpExpr, a, b *value) truth {
	for _, sides := range [][2]*value{{a, b}, {b, a}} {
		if sides[0].kind == boolean && sides[1].kind == unknown {
			t := e.truthOf(sides[1], x.SrcRange)
			if (sides[0].literal == "false") != (x.Op == hclsyntax.OpNotEqual) {
				t = t.not()
			}
			return t
		}
	}
	keys := []string{a.key(), b.key()}
	slices.Sort(keys)
	t := truth{
		id: "equal " + strings.Join(keys, "\x00"), negated: x.Op == hclsyntax.OpNotEqual, place: e.place(x.SrcRange),
		ref: e.shortly(x.LHS.Range()) + " == " + e.shortly(x.RHS.Range()),
	}
	for _, sides := range [][2]*value{{a, b}, {b, a}} {
		if is, ok := sides[0].known(); ok && sides[1].kind == unknown {
			t.of, t.is = sides[1].key(), is
		}
	}
	return t
}

// junction is when both of two conditions are true, or one of them.
func (e *evaluator) junction(x *hclsyntax.BinaryOpExpr, a, b *value) truth {
	of := []truth{e.truthOf(a, x.LHS.Range()), e.truthOf(b, x.RHS.Range())}
	and := x.Op == hclsyntax.OpLogicalAnd
	t := truth{ref: e.shortly(x.SrcRange), place: e.place(x.SrcRange)}
	if of[0].negated && of[1].negated { // !a && !b is !(a || b)
		and, t.negated = !and, true
		of[0], of[1] = of[0].not(), of[1].not()
		sign := " || "
		if and {
			sign = " && "
		}
		t.ref = of[0].ref + sign + of[1].ref
	}
	parts := []string{of[0].signed(), of[1].signed()}
	slices.Sort(parts)
	t.id = "or " + strings.Join(parts, "\x00")
	if and {
		t.id = "and " + strings.Join(parts, "\x00")
	}
	return t
}
