package expand

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// parameters reads the values that a use gives to a template's parameters.
func (e *expander) parameters(sc *scope, given *source.Node) {
	sc.values = map[string]*source.Node{}
	names := make([]string, 0, len(sc.entry.Template.Parameters))
	for _, p := range sc.entry.Template.Parameters {
		names = append(names, p.Name.Text)
	}
	if given != nil {
		for _, m := range given.Members {
			p := sc.entry.Template.Parameter(m.Key.Text)
			if p == nil {
				help := nearest(m.Key.Text, names)
				if help == "" {
					help = "take it out"
				}
				e.report(*m.Key, "template-parameter", fmt.Sprintf("the template `%s` has no parameter `%s`", sc.via.Text, m.Key.Text), help)
				continue
			}
			e.found = append(e.found, sc.entry.check(p, m.Value)...)
			sc.values[m.Key.Text] = m.Value
		}
	}
	for _, p := range sc.entry.Template.Parameters {
		switch {
		case sc.values[p.Name.Text] != nil:
		case p.Default != nil:
			v := p.Default.Clone()
			e.defaulted(sc, v)
			sc.values[p.Name.Text] = v
		default:
			e.report(*sc.via, "template-parameter", fmt.Sprintf("the template `%s` needs the parameter `%s`", sc.via.Text, p.Name.Text), missingHelp(p.Name.Text, p.Schema))
		}
	}
}

// defaulted gives a default's nodes the place where the template is used.
func (e *expander) defaulted(sc *scope, n *source.Node) {
	sc.here(n)
	for _, item := range n.Items {
		e.defaulted(sc, item)
	}
	for _, m := range n.Members {
		e.defaulted(sc, m.Key)
		e.defaulted(sc, m.Value)
	}
}

func missingHelp(name string, schema *source.Node) string {
	help := fmt.Sprintf("give it under `parameters`: `%s: …`", name)
	for _, field := range []string{"description", "title"} {
		if d := schema.Get(field); d.IsString() {
			return help + " (" + d.Text + ")"
		}
	}
	return help
}
