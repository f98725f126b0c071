package symbol_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// TestHolesAreEqualByReferenceInstanceAndDefinition: where they are used, and of what kind they seem, does not matter.
func TestHolesAreEqualByReferenceInstanceAndDefinition(t *testing.T) {
	base := symbol.Hole{Kind: symbol.Variable, Ref: "var.admin", Instance: "module.a", Definition: "./a"}
	with := func(change func(*symbol.Hole)) *symbol.Hole {
		h := base
		change(&h)
		return &h
	}
	for name, c := range map[string]struct {
		other *symbol.Hole
		want  bool
	}{
		"the same":            {with(func(*symbol.Hole) {}), true},
		"another place":       {with(func(h *symbol.Hole) { h.Place = diag.Place{File: "b.tf"} }), true},
		"another reference":   {with(func(h *symbol.Hole) { h.Ref = "var.other" }), false},
		"another instance":    {with(func(h *symbol.Hole) { h.Instance = "module.b" }), false},
		"another definition":  {with(func(h *symbol.Hole) { h.Definition = "./b" }), false},
		"parts that run over": {&symbol.Hole{Ref: "var.adminmodule.a", Definition: "./a"}, false},
		"nothing":             {nil, false},
	} {
		if got := base.Equal(c.other); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestText(t *testing.T) {
	account := &symbol.Hole{Kind: symbol.Variable, Ref: "var.account"}
	mark := &symbol.Hole{Kind: symbol.Placeholder, Ref: "<NAME>"}
	role := &symbol.Hole{Kind: symbol.Attribute, Ref: "aws_iam_role.a.arn", Shape: symbol.OwnRole}
	lit := func(s string) symbol.Part { return symbol.Part{Literal: s} }
	hole := func(h *symbol.Hole) symbol.Part { return symbol.Part{Hole: h} }
	for _, c := range []struct {
		name      string
		parts     []symbol.Part
		written   string
		filled    string
		known     bool
		whole     *symbol.Hole
		wildcards bool
	}{
		{"literals", []symbol.Part{lit("kms:"), lit(""), lit("*")}, "kms:*", "kms:*", true, nil, false},
		{"nothing", nil, "", "", true, nil, false},
		{"a hole inside", []symbol.Part{lit("arn:"), lit("aws:iam::"), hole(account), lit(":root")}, "arn:aws:iam::${var.account}:root", "arn:aws:iam::#:root", false, nil, true},
		{"only a hole", []symbol.Part{lit(""), hole(role)}, "${aws_iam_role.a.arn}", "#", false, role, false},
		{"a mark", []symbol.Part{lit("role/"), hole(mark)}, "role/<NAME>", "role/#", false, nil, true},
	} {
		text, literal, known := symbol.NewText(c.parts...)
		if known != c.known || known != (text == nil) || !known && literal != "" {
			t.Errorf("%s: known %v, text %v, literal %q", c.name, known, text, literal)
		}
		if got := text.String() + literal; got != c.written {
			t.Errorf("%s: written %q, want %q", c.name, got, c.written)
		}
		if got := text.Fill(func(*symbol.Hole) string { return "#" }) + literal; got != c.filled {
			t.Errorf("%s: filled %q, want %q", c.name, got, c.filled)
		}
		if got := text.Whole(); got != c.whole {
			t.Errorf("%s: the whole is %v", c.name, got)
		}
		if got := text.MayHaveWildcards(); got != c.wildcards {
			t.Errorf("%s: may have wildcards: %v", c.name, got)
		}
		if (text.First() == nil) != known {
			t.Errorf("%s: the first hole is %v", c.name, text.First())
		}
	}
}

// TestTextFits: literals are where they are written, and a hole is any text, also none.
func TestTextFits(t *testing.T) {
	hole := symbol.Part{Hole: &symbol.Hole{Ref: "x"}}
	lit := func(s string) symbol.Part { return symbol.Part{Literal: s} }
	for _, c := range []struct {
		parts []symbol.Part
		text  string
		want  bool
	}{
		{[]symbol.Part{hole}, "", true},
		{[]symbol.Part{hole}, "anything", true},
		{[]symbol.Part{lit("role/"), hole}, "role/", true},
		{[]symbol.Part{lit("role/"), hole}, "user/role/", false},
		{[]symbol.Part{hole, lit(":root")}, "arn:aws:iam::111122223333:root", true},
		{[]symbol.Part{hole, lit(":root")}, "arn:root:x", false},
		{[]symbol.Part{lit("a"), hole, lit("b"), hole, lit("c")}, "a-b-b-c", true},
		{[]symbol.Part{lit("a"), hole, lit("b"), hole, lit("c")}, "a-c", false},
		{[]symbol.Part{lit("ab"), hole, lit("ba")}, "aba", false},
		{[]symbol.Part{hole, lit("aa"), hole, lit("a")}, "aaa", true},
		{[]symbol.Part{hole, lit("aa"), hole, lit("a")}, "aa", false},
	} {
		text, _, _ := symbol.NewText(c.parts...)
		if got := text.Fits(c.text); got != c.want {
			t.Errorf("%q fits %s: %v", c.text, text, got)
		}
	}
}

// TestTextsAreEqualByTheirParts: a literal that looks like a reference is not one.
func TestTextsAreEqualByTheirParts(t *testing.T) {
	a, _, _ := symbol.NewText(symbol.Part{Literal: "a"}, symbol.Part{Hole: &symbol.Hole{Ref: "x"}})
	b, _, _ := symbol.NewText(symbol.Part{Literal: "a"}, symbol.Part{Hole: &symbol.Hole{Ref: "x", Place: diag.Place{File: "f"}}})
	c, _, _ := symbol.NewText(symbol.Part{Literal: "a${x}"}, symbol.Part{Hole: &symbol.Hole{Ref: "x"}})
	if a.ID() != b.ID() || a.ID() == c.ID() {
		t.Errorf("%q %q %q", a.ID(), b.ID(), c.ID())
	}
}

// TestJoin: a joined hole is the same whatever the order of what it is made of, and another one for another part.
func TestJoin(t *testing.T) {
	of := func(refs ...string) *symbol.Hole {
		var list []*symbol.Hole
		for _, ref := range refs {
			kind := symbol.Attribute
			if ref == "var.a" {
				kind = symbol.Variable
			}
			list = append(list, &symbol.Hole{Kind: kind, Ref: ref})
		}
		return symbol.Join(list...)
	}
	for _, c := range []struct {
		refs      []string
		ref       string
		wildcards bool
	}{
		{[]string{"b", "b"}, "b", false},
		{[]string{"var.a", "b"}, "b, var.a", true},
		{[]string{"b", "c"}, "b, c", false},
		{[]string{"e", "d", "c", "b"}, "b, c, d and others", false},
	} {
		if got := of(c.refs...); got.Ref != c.ref || got.MayHaveWildcards() != c.wildcards {
			t.Errorf("%q: %+v", c.refs, got)
		}
	}
	if a, b := of("b", "c", "d", "e"), of("e", "d", "c", "b"); !a.Equal(b) {
		t.Error("the order counts")
	}
	if a, b := of("b", "c", "d", "e"), of("b", "c", "d", "f"); a.Equal(b) {
		t.Error("another part does not count")
	}
}
