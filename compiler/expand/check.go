package expand

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

var builtinVariables = []string{"account", "key", "partition", "region"}

// Check judges a template by itself: its schema, its references, its parameters, and what it includes.
func (l *Library) Check(t *Entry) diag.List {
	c := &checker{expander: expander{library: l, found: slices.Clone(l.faults(t))}, seen: map[string]bool{}}
	if t.Template.Name.IsString() {
		c.stack = []string{t.Template.Name.Text}
		c.circles(t.Template)
	}
	return c.found
}

// faults are what makes a template unfit for use. The built-in ones have none: the tests see to that.
func (l *Library) faults(t *Entry) diag.List {
	if t.Template.Builtin {
		return nil
	}
	t.once.Do(func() { t.found = l.judge(t) })
	return t.found
}

func (l *Library) judge(t *Entry) diag.List {
	c := &checker{expander: expander{library: l}, used: map[string]bool{}}
	c.found = slices.Clone(t.Findings)
	if t.Template.IsUse() {
		return c.found // what its parameters are there for is the spec's
	}
	for _, p := range t.Template.Parameters {
		c.names = append(c.names, p.Name.Text)
		if slices.Contains(builtinVariables, p.Name.Text) {
			c.report(*p.Name, "template-parameter", fmt.Sprintf("`$(%s)` is predefined and cannot be a parameter", p.Name.Text), "give the parameter another name")
		}
		c.found = append(c.found, validate.ParameterSchema(p.Name.Text, p.Schema)...)
	}
	for _, m := range t.Template.BodyMembers() {
		c.references(m.Key)
		c.references(m.Value)
	}
	for _, p := range t.Template.Parameters {
		if !c.used[p.Name.Text] {
			c.report(*p.Name, "template-parameter", fmt.Sprintf("the parameter `%s` is not used", p.Name.Text), fmt.Sprintf("write `$(%s)` where its value belongs, or remove it", p.Name.Text))
		}
	}
	return c.found
}

type checker struct {
	expander
	names []string        // the template's parameters
	used  map[string]bool // those that it uses
	seen  map[string]bool // the templates that were followed
}

// references checks every $(name) below a node.
func (c *checker) references(n *source.Node) {
	for _, item := range n.Items {
		c.references(item)
	}
	for _, m := range n.Members {
		c.references(m.Key)
		c.references(m.Value)
	}
	if !n.IsString() || !strings.Contains(n.Text, "$(") {
		return
	}
	parts, bad := Split(n.Text)
	if bad != "" {
		c.report(*n, "template-parameter", fmt.Sprintf("`%s` is not a reference to a parameter", bad), "write `$(name)`, or `$$(` for the text `$(`")
		return
	}
	for _, p := range parts {
		switch {
		case p.Name == "" || slices.Contains(builtinVariables, p.Name):
		case slices.Contains(c.names, p.Name):
			c.used[p.Name] = true
		default:
			c.report(*n, "template-parameter", fmt.Sprintf("`$(%s)` is not a parameter of this template", p.Name), c.undeclaredHelp(p.Name))
		}
	}
}

func (c *checker) undeclaredHelp(name string) string {
	if help := nearest(name, append(slices.Clone(c.names), builtinVariables...)); help != "" {
		return help
	}
	return fmt.Sprintf("declare it under `parameters`: `%s: {type: string}`", name)
}

// circles follows the templates that a template includes.
func (c *checker) circles(t *spec.Template) {
	for _, i := range spec.ParseBody(t.Root).Include {
		name := i.Template
		if !name.IsString() || strings.Contains(name.Text, "$(") {
			continue
		}
		entry := c.library.Lookup(name.Text)
		inCircle := slices.Contains(c.stack, name.Text)
		switch {
		case entry == nil && !inCircle: // one that is checked need not are in the library
			c.report(*name, "template-not-found", fmt.Sprintf("there is no template `%s`", name.Text), templateHelp(name.Text, c.library.Names()))
		case inCircle || len(c.stack) == maxDepth:
			if name.Text == c.stack[0] { // a circle is reported at the templates that are in it
				c.report(*name, "template-cycle", "templates include each other in a circle: "+cycle(c.stack, name.Text), "remove one of these `include` entries")
			}
		case c.seen[name.Text]: // followed already
		default:
			c.seen[name.Text] = true
			c.stack = append(c.stack, name.Text)
			c.circles(entry.Template)
			c.stack = c.stack[:len(c.stack)-1]
		}
	}
}
