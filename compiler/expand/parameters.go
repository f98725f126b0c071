package expand

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// parameters reads the values that a use gives to a template's parameters.
func (e *expander) parameters(sc *scope, given *source.Node) {
	sc.values = map[string]*source.Node{}
	var unknown []*source.Node
	if given != nil {
		for _, m := range given.Members {
			p := e.parameter(sc, given, m.Key)
			if p == nil {
				unknown = append(unknown, m.Key)
				continue
			}
			e.found = append(e.found, sc.entry.check(p, m.Value)...)
			sc.values[p.Name.Text] = e.principals(p, m.Value)
		}
	}
	misspelt := e.unknownParameters(sc, unknown)
	for i := range sc.entry.Template.Parameters {
		p := &sc.entry.Template.Parameters[i]
		switch {
		case sc.values[p.Name.Text] != nil || misspelt[p.Name.Text]:
		case p.Default != nil:
			v := e.principals(p, p.Default)
			e.defaulted(sc, v)
			sc.values[p.Name.Text] = v
		default:
			e.missing(sc, p, given)
		}
	}
}

// missing reports a parameter that is not given. It may have been split from one that is: what had its rights then has
// fewer now.
func (e *expander) missing(sc *scope, p *spec.Parameter, given *source.Node) {
	message := fmt.Sprintf("the template `%s` needs the parameter `%s`", sc.via.Text, p.Name.Text)
	if old := p.Schema.Get("formerly"); old != nil && given != nil {
		for _, name := range old.Items {
			if given.Get(name.Text) != nil {
				message += fmt.Sprintf(", formerly `%s`", name.Text)
			}
		}
	}
	e.report(*sc.via, "template-parameter", message, missingHelp(p.Name.Text, p.Schema))
}

// parameter finds the parameter that a name means, by a name that it had before too; nil where there is none.
func (e *expander) parameter(sc *scope, given, name *source.Node) *spec.Parameter {
	if p := sc.entry.Template.Parameter(name.Text); p != nil {
		return p
	}
	p := sc.entry.Template.Formerly(name.Text)
	if p == nil {
		return nil
	}
	message := fmt.Sprintf("the parameter `%s` of the template `%s` is now called `%s`", name.Text, sc.via.Text, p.Name.Text)
	if given.Get(p.Name.Text) != nil {
		e.report(*name, "template-parameter", message, fmt.Sprintf("move its value to `%s`", p.Name.Text))
		return p
	}
	e.report(*name, "template-parameter", message, fmt.Sprintf("write `%s`", p.Name.Text)+described(p.Schema))
	e.found[len(e.found)-1].Severity = diag.Warning // the old name goes on to work
	return p
}

// unknownParameters reports names that are not parameters, and returns the parameters that they are taken to mean.
func (e *expander) unknownParameters(sc *scope, unknown []*source.Node) (misspelt map[string]bool) {
	misspelt = map[string]bool{}
	var open, needed, all []string // the parameters that are not given yet, those of them without a default, and all
	for _, p := range sc.entry.Template.Parameters {
		all = append(all, p.Name.Text)
		if sc.values[p.Name.Text] != nil {
			continue
		}
		open = append(open, p.Name.Text)
		if p.Default == nil {
			needed = append(needed, p.Name.Text)
		}
	}
	for _, name := range unknown {
		help := nearest(name.Text, all)
		switch meant := meantParameter(name.Text, open); {
		case meant != "":
			misspelt[meant] = true
			help = fmt.Sprintf("did you mean `%s`?", meant)
		case len(unknown) == 1 && len(needed) == 1:
			misspelt[needed[0]] = true
			help = fmt.Sprintf("the template needs `%s`, which is not given", needed[0]) + described(sc.entry.Template.Parameter(needed[0]).Schema)
		case help == "":
			help = "remove it"
		}
		e.report(*name, "template-parameter", fmt.Sprintf("the template `%s` has no parameter `%s`", sc.via.Text, name.Text), help)
	}
	return misspelt
}

// meantParameter is the one parameter that a name is a misspelling of, a part of, or longer than; "" where that is open.
func meantParameter(name string, open []string) string {
	if near, ok := facts.Nearest(name, open); ok {
		return near
	}
	meant := ""
	for _, p := range open {
		if strings.Contains(p, name) || strings.Contains(name, p) {
			if meant != "" {
				return ""
			}
			meant = p
		}
	}
	return meant
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
	return fmt.Sprintf("give it under `parameters`: `%s: …`", name) + described(schema)
}

// described is what a parameter is, as the end of a help text.
func described(schema *source.Node) string {
	for _, field := range []string{"description", "title"} {
		if d := schema.Get(field); d.IsString() {
			return " (" + strings.TrimSuffix(d.Text, ".") + ")"
		}
	}
	return ""
}
