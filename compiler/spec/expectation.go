package spec

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// Expectation is a request and the decisions of which it must get one.
type Expectation struct {
	Path              diag.Path // in the spec; nil where it is given from outside
	Principal, Action string
	Context           map[string][]string // condition key → values
	Decisions         []string
}

func parseExpect(n *source.Node) []Expectation {
	var list []Expectation
	for i, item := range n.Items {
		principal, action := item.Get("principal"), item.Get("action")
		e := Expectation{Path: diag.Path{"expect", i}}
		for _, d := range oneOrMore(item.Get("decision")) {
			e.Decisions = append(e.Decisions, d.Text)
		}
		if context := item.Get("context"); context != nil {
			e.Context = map[string][]string{}
			for _, m := range context.Members {
				values := []string{}
				for _, v := range oneOrMore(m.Value) {
					values = append(values, v.Text)
				}
				e.Context[m.Key.Text] = values
			}
		}
		if principal.IsString() && action.IsString() && len(e.Decisions) > 0 {
			e.Principal, e.Action = principal.Text, action.Text
			list = append(list, e)
		}
	}
	return list
}

func oneOrMore(n *source.Node) []*source.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == source.Sequence:
		return n.Items
	default:
		return []*source.Node{n}
	}
}
