package lift

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// split gives each service of an Allow statement, and the key's own account, a statement of its own, as lists and templates
// do; origin leads from those to the document's statements. Statements in whole stay in one piece.
func split(doc *policy.Document, key spec.Key, whole map[int]bool) (pieces *policy.Document, origin []int) {
	var nodes []*source.Node
	for i := range doc.Statements {
		st := &doc.Statements[i]
		parts := []*source.Node{st.Node}
		if groups := principalGroups(st, key); len(groups) > 1 && !whole[i] {
			parts = nil
			for _, principals := range groups {
				parts = append(parts, withPrincipal(st.Node, principals))
			}
		}
		for _, part := range parts {
			nodes, origin = append(nodes, part), append(origin, i)
		}
	}
	c := *doc
	c.Statements = documentOf(nodes).Statements
	return &c, origin
}

// principalGroups are the principals of an Allow statement: each service, the key's own account, and the others together.
func principalGroups(st *policy.Statement, key spec.Key) [][]policy.Principal {
	if st.Effect.Value != "Allow" || len(st.NotPrincipals) > 0 || len(st.More) > 0 {
		return nil
	}
	var groups [][]policy.Principal
	var own, others []policy.Principal
	for _, p := range st.Principals {
		switch {
		case p.Element == "Service":
			groups = append(groups, []policy.Principal{p})
		case p.Element == "AWS" && p.Kind == policy.Account && p.Account == key.Account && key.Account != "":
			own = append(own, p)
		case p.Element == "AWS":
			others = append(others, p)
		default:
			return nil
		}
	}
	for _, group := range [][]policy.Principal{own, others} {
		if len(group) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// withPrincipal is a statement for some of its principals, all of one element.
func withPrincipal(statement *source.Node, principals []policy.Principal) *source.Node {
	list := source.NewSequence(diag.Place{})
	for _, p := range principals {
		list.Items = append(list.Items, text(p.Text))
	}
	c := *statement
	c.Members = slices.Clone(statement.Members)
	for i, m := range c.Members {
		if m.Key.Text == "Principal" {
			c.Members[i] = field("Principal", source.NewMapping(diag.Place{}, field(principals[0].Element, list)))
		}
	}
	return &c
}

// torn are the statements of which some pieces became something and others did not.
func (l *lifting) torn() []int {
	left, all := map[int]int{}, map[int]int{}
	for i, at := range l.origin {
		all[at]++
		if l.left[i] {
			left[at]++
		}
	}
	var torn []int
	for at, n := range left {
		if n < all[at] {
			torn = append(torn, at)
		}
	}
	return torn
}

// origins are the document's statements that some pieces are of.
func (l *lifting) origins(pieces []int) []int {
	var list []int
	for _, i := range pieces {
		list = append(list, l.origin[i])
	}
	slices.Sort(list)
	return slices.Compact(list)
}
