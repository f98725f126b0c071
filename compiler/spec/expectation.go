package spec

import "github.com/keypolicy/keypolicy/compiler/source"

// Expectation is one entry of expect: a request and the decisions of which it must get one.
type Expectation struct {
	Index     int // in the list
	Node      *source.Node
	Principal *source.Node
	Action    *source.Node
	Context   map[string][]string // condition key → values
	Decisions []*source.Node
}

func parseExpect(n *source.Node) []Expectation {
	var list []Expectation
	for i, item := range n.Items {
		e := Expectation{Index: i, Node: item, Principal: item.Get("principal"), Action: item.Get("action"), Decisions: oneOrMore(item.Get("decision"))}
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
		if e.Principal.IsString() && e.Action.IsString() && len(e.Decisions) > 0 {
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
