package terraform

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// writer turns a value into the nodes of one key's policy.
type writer struct {
	e         *evaluator
	key       string // of the key's own attributes, as ofKey
	provider  string // of the key
	elsewhere bool   // the key's Region is not its provider's
	nodes     int
	full      bool
}

// node writes a value as JSON has it. A text stays one, also where it is the JSON of a value.
func (w *writer) node(v *value) *source.Node {
	w.nodes++
	if w.nodes > source.DefaultLimits.Nodes {
		w.full = true
		return source.NewScalar("", v.place)
	}
	switch v.kind {
	case text:
		return w.text(v)
	case boolean:
		return &source.Node{Kind: source.Scalar, Type: source.Bool, Style: source.Plain, Text: v.literal, Place: v.place}
	case number:
		return &source.Node{Kind: source.Scalar, Type: source.Int, Style: source.Plain, Text: v.literal, Place: v.place}
	case list:
		n := source.NewSequence(v.place)
		for _, i := range v.items {
			n.Items = append(n.Items, w.node(i))
		}
		return w.opened(n, v)
	case object:
		n := source.NewMapping(v.place)
		for _, f := range v.fields {
			n.Members = append(n.Members, source.Member{Key: w.text(f.name), Value: w.node(f.value)})
		}
		return w.opened(n, v)
	case unknown:
		n := source.NewHole(w.hole(v.hole))
		n.Place = v.place
		return n
	case handle:
		n := source.NewHole(w.hole(&hole{Hole: symbol.Hole{Kind: symbol.Attribute, Ref: v.block.name, Instance: v.block.in.address, Place: v.place}}))
		return n
	case failed:
		return source.NewHole(w.e.unevaluated(v.place))
	default:
		return &source.Node{Kind: source.Scalar, Type: source.Null, Style: source.Plain, Text: "null", Place: v.place}
	}
}

// unevaluated is the hole of an expression that Terraform refuses, or that is not understood: nothing is to be said of its value.
func (e *evaluator) unevaluated(at diag.Place) *symbol.Hole {
	r := hcl.Range{Filename: at.File, Start: hcl.Pos{Byte: at.Range.Start.Offset}, End: hcl.Pos{Byte: at.Range.End.Offset}}
	return &symbol.Hole{Kind: symbol.Variable, Ref: e.shortly(r), Definition: "refused at " + at.File + ":" + strconv.Itoa(at.Range.Start.Offset), Place: at}
}

func (w *writer) opened(n *source.Node, v *value) *source.Node {
	if v.hole != nil {
		n.Open = w.hole(v.hole)
	}
	return n
}

func (w *writer) text(v *value) *source.Node {
	pieces, _ := v.texts()
	parts := make([]symbol.Part, 0, len(pieces))
	for _, p := range pieces {
		switch {
		case p.hole != nil:
			parts = append(parts, symbol.Part{Hole: w.hole(p.hole)})
		case p.encoded != nil:
			parts = append(parts, symbol.Part{Hole: w.hole(&hole{Hole: symbol.Hole{Kind: symbol.Computed, Ref: "jsonencode(…)", Definition: p.encoded.key(), Place: p.encoded.place}})})
		default:
			parts = append(parts, symbol.Part{Literal: p.literal})
		}
	}
	return source.NewText(v.place, parts...)
}

// hole is what is not known, seen from the key: its own account, Region and ARN, or another's.
func (w *writer) hole(h *hole) *symbol.Hole {
	out := h.Hole
	if out.Definition == w.key && w.key != "" {
		out.Kind, out.Shape = symbol.Own, symbol.OwnKeyARN
		if h.Shape == symbol.AnyText {
			out.Shape = symbol.OwnKeyID
		}
		return &out
	}
	if w.elsewhere && out.Kind == symbol.Own && out.Shape == symbol.OwnRegion {
		out.Kind, out.Shape = symbol.Attribute, symbol.AnyText
		return &out
	}
	if h.provider == "" || h.provider == w.provider || out.Shape == symbol.AnyText {
		return &out
	}
	if (out.Kind != symbol.Own || out.Shape == symbol.OwnAccount) && w.e.accountOf(h.provider) == w.e.accountOf(w.provider) {
		return &out
	}
	switch {
	case out.Kind == symbol.Own && out.Shape == symbol.OwnPartition: // one Terraform run is in one partition, mostly
		return &out
	case out.Kind == symbol.Own:
		out.Kind, out.Shape = symbol.Attribute, symbol.AnyText
		out.Definition += " of " + h.provider
	default:
		out.Shape = foreign(out.Shape)
	}
	return &out
}

// foreign is a shape in an account and a Region that are not the key's.
func foreign(s symbol.Shape) symbol.Shape {
	return symbol.Shape(replacer.Replace(string(s)))
}

// policy is a policy as the compiler takes it: a text that is the JSON of a value is that value.
func (w *writer) policy(v *value) (*source.Node, diag.List) {
	if v.either != nil { // otherwise KMS's default policy counts, of which nothing is to be said
		w.e.settle(v.given)
		v = v.either
	}
	switch {
	case v.kind == text && v.encoded != nil:
		if inner := v.encoded; inner.kind == text && inner.encoded != nil {
			return nil, diag.List{twice(v)}
		}
		return w.node(v.encoded), nil
	case v.kind == text:
		if h := onlyHoles(v); h != nil {
			return source.NewHole(w.hole(h)), nil
		}
		root, found := w.e.decode(v)
		if root == nil {
			if h := v.firstHole(); h != nil {
				return source.NewHole(w.hole(h.within(v))), diag.List{unread(v, h)}
			}
			return nil, found
		}
		return w.node(root), found
	default:
		return w.node(v), nil
	}
}

// onlyHoles is the first hole of a text that has nothing but holes and blanks.
func onlyHoles(v *value) *hole {
	for _, p := range v.pieces {
		if !isBlank(p.literal) || p.encoded != nil {
			return nil
		}
	}
	if h := v.firstHole(); h != nil && len(v.pieces) > 1 {
		return h.within(v)
	}
	return v.firstHole()
}

// within is the hole that represents a whole text with it.
func (h *hole) within(text *value) *hole {
	c := *h
	c.Kind, c.Shape, c.provider, c.isKey = symbol.Variable, symbol.AnyText, "", false
	c.Definition += " in " + text.key()
	return &c
}

// twice reports a policy that is encoded as JSON twice, so that KMS gets a JSON text in a text.
func twice(v *value) diag.Diagnostic {
	return diag.Diagnostic{
		Rule: "compile", Reason: "policy-encoded-twice", Category: "grammar", Severity: diag.Error,
		Message: "the policy is encoded as JSON twice: it is a text already, and `jsonencode` makes a text of that",
		Help:    "remove `jsonencode`: give the text itself", Place: v.place,
	}
}

// unread reports a policy whose text is not JSON while parts of it are not known.
func unread(v *value, h *hole) diag.Diagnostic {
	return diag.Diagnostic{
		Rule: "compile", Reason: "policy-not-known", Category: "references", Severity: diag.Info,
		Message: "the policy is not judged: its text is only a JSON document once `" + h.Ref + "` is known",
		Help:    "judge the plan, which has the text: `terraform show -json PLAN`", Place: v.place,
	}
}
