package source_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// TestNodesCarryHoles: a text with a hole shows its reference, keeps its parts in a copy, and an open list its hole.
func TestNodesCarryHoles(t *testing.T) {
	place := diag.Place{File: "main.tf"}
	role := &symbol.Hole{Kind: symbol.Attribute, Ref: "aws_iam_role.a.arn", Shape: symbol.OwnRole, Place: place}
	more := &symbol.Hole{Kind: symbol.Variable, Ref: "var.more", Place: place}
	text := source.NewText(place, symbol.Part{Literal: "arn:aws:iam::"}, symbol.Part{Hole: more}, symbol.Part{Literal: ":root"})
	if !text.IsString() || text.Text != "arn:aws:iam::${var.more}:root" || text.Hole() != nil || text.IsKnown() {
		t.Errorf("a text with a hole: %+v", text)
	}
	if known := source.NewText(place, symbol.Part{Literal: "kms:"}, symbol.Part{Literal: "*"}); known.Text != "kms:*" || !known.IsKnown() {
		t.Errorf("a text without a hole: %+v", known)
	}
	whole := source.NewHole(role)
	if whole.Hole() != role || whole.Place != place {
		t.Errorf("only a hole: %+v", whole)
	}
	list := source.NewSequence(place, source.NewScalar("kms:Decrypt", place))
	open := source.NewOpen(list, more)
	if open.IsKnown() || open.Open != more || !list.IsKnown() {
		t.Errorf("an open list: %+v, and the one that it was made of: %+v", open, list)
	}
	root := source.NewMapping(place, source.NewMember("Action", place, open), source.NewMember("Principal", place, whole))
	if c := root.Clone(); c.IsKnown() || c.Get("Principal").Hole() != role || c.Get("Action").Open != more {
		t.Errorf("a copy: %+v", c)
	}
	if key := source.NewMapping(place, source.Member{Key: whole, Value: list}); key.IsKnown() {
		t.Errorf("a field's name that is a hole is known: %+v", key)
	}
}
