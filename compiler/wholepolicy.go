package compiler

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

// wholePolicy is form 2, or a template's policy, with the statements that includes and the spec add.
func wholePolicy(r *expand.Result, limits source.Limits, found diag.List) (*source.Node, diag.List) {
	root := r.Policy
	if policy.IsPending(root) {
		return root, found
	}
	if root.IsString() {
		inner, wrong := root.Embedded(limits)
		found = append(found, wrong...)
		if wrong.HasErrors() {
			return nil, found
		}
		root = inner
	}
	if root.Kind != source.Mapping {
		return nil, append(found, validate.Document(root)...)
	}
	more := append(append([]*source.Node{}, r.Included...), r.Statements...)
	if len(more) == 0 {
		return root, found
	}
	for _, l := range r.Lists {
		if len(l.Entries) > 0 {
			return nil, append(found, compileFinding(l.Entries[0], "template-parameter",
				"an included template adds names to lists, and the policy comes whole from a template with `policy`, which has none",
				"include only templates that add `statements`"))
		}
	}
	c := *root
	c.Members = slices.Clone(root.Members)
	for i, m := range c.Members {
		if m.Key.Text == "Statement" {
			own := m.Value.Items
			if m.Value.Kind != source.Sequence { // only one statement, or what is none, which a rule reports
				own = []*source.Node{m.Value}
			}
			c.Members[i].Value = source.NewSequence(m.Value.Place, slices.Concat(own, more)...)
			return &c, found
		}
	}
	c.Members = append(c.Members, source.NewMember("Statement", root.Place, source.NewSequence(root.Place, more...)))
	return &c, found
}
