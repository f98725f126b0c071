package expand

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Variables are the values of $(account), $(partition), $(region) and $(key); "" is unknown.
type Variables struct {
	Account, Partition, Region, Key string
}

func (v Variables) lookup(name string) (value string, ok bool) {
	switch name {
	case "account":
		return v.Account, true
	case "partition":
		return v.Partition, true
	case "region":
		return v.Region, true
	case "key":
		return v.Key, true
	}
	return "", false
}

// scope is one use of one template.
type scope struct {
	entry  *Entry
	values map[string]*source.Node
	via    *source.Node // the template's name where it is used
}

// here gives a node of the template its place: where the template is used, with its own line next to it.
func (sc *scope) here(n *source.Node) {
	n.Origins = slices.Concat([]diag.Place{n.Place}, n.Origins, sc.via.Origins)
	n.Place = sc.via.Place
}

// used is a template's list of statements less those for nobody: whose principals all come from parameters that are
// empty, and that the template says may be empty by an empty default.
func (sc *scope) used(statements *source.Node) *source.Node {
	if !slices.ContainsFunc(statements.Items, sc.isForNobody) {
		return statements
	}
	c := *statements
	c.Items = slices.DeleteFunc(slices.Clone(c.Items), sc.isForNobody)
	return &c
}

func (sc *scope) isForNobody(statement *source.Node) bool {
	return IsOptional(sc.entry.Template, statement) && everyReference(statement.Get("Principal"), func(name string) bool {
		value := sc.values[name]
		return value != nil && isEmptyList(value)
	})
}

// IsOptional reports whether a template's statement is left out where parameters are empty: all of its principals come from
// parameters that are empty by default.
func IsOptional(t *spec.Template, statement *source.Node) bool {
	principal := statement.Get("Principal")
	return principal != nil && everyReference(principal, func(name string) bool {
		p := t.Parameter(name)
		return p != nil && p.Default != nil && isEmptyList(p.Default)
	})
}

// everyReference reports whether a Principal holds parameters by themselves and nothing else, all of which hold.
func everyReference(n *source.Node, holds func(name string) bool) bool {
	if n.Kind == source.Scalar {
		if !isReference(n) {
			return false
		}
		parts, _ := Split(n.Text)
		return holds(parts[0].Name)
	}
	for _, m := range n.Members {
		if !everyReference(m.Value, holds) {
			return false
		}
	}
	for _, item := range n.Items {
		if !everyReference(item, holds) {
			return false
		}
	}
	return len(n.Members)+len(n.Items) > 0
}

func isEmptyList(n *source.Node) bool { return n.Kind == source.Sequence && len(n.Items) == 0 }

// substitute copies a node of the template with its references filled in.
func (e *expander) substitute(sc *scope, n *source.Node) *source.Node {
	switch n.Kind {
	case source.Mapping:
		c := *n
		c.Members = make([]source.Member, 0, len(n.Members))
		for _, m := range n.Members {
			c.Members = append(c.Members, source.Member{Key: e.substituteText(sc, m.Key), Value: e.substitute(sc, m.Value)})
		}
		sc.here(&c)
		return &c
	case source.Sequence:
		c := *n
		c.Items = make([]*source.Node, 0, len(n.Items))
		for _, item := range n.Items {
			v := e.substitute(sc, item)
			if isReference(item) && v.Kind == source.Sequence {
				c.Items = append(c.Items, v.Items...) // a list as a list's item is spliced in
			} else {
				c.Items = append(c.Items, v)
			}
		}
		sc.here(&c)
		return &c
	default:
		if isReference(n) {
			parts, _ := Split(n.Text)
			return e.value(sc, n, parts[0].Name)
		}
		return e.substituteText(sc, n)
	}
}

// isReference reports whether a scalar is only one reference, so that it takes the value's own type.
func isReference(n *source.Node) bool {
	if !n.IsString() || !strings.HasPrefix(n.Text, "$(") {
		return false
	}
	parts, bad := Split(n.Text)
	return bad == "" && len(parts) == 1 && parts[0].Name != ""
}

// substituteText copies a scalar with the references in its text replaced.
func (e *expander) substituteText(sc *scope, n *source.Node) *source.Node {
	c := *n
	sc.here(&c)
	if !n.IsString() || !strings.Contains(n.Text, "$(") {
		return &c
	}
	parts, bad := Split(n.Text)
	if bad != "" {
		return &c // reported where the template is checked
	}
	var texts []symbol.Part
	moved := false
	for _, p := range parts {
		if p.Name == "" {
			texts = append(texts, symbol.Part{Literal: p.Text})
			continue
		}
		v := e.value(sc, n, p.Name)
		if v.Kind != source.Scalar {
			e.report(c, "template-parameter", fmt.Sprintf("`$(%s)` is inside the string `%s` and its value is not a single value", p.Name, n.Text),
				"give it a string, or use only the parameter: `$("+p.Name+")`")
			continue
		}
		if v.Parts != nil {
			texts = append(texts, v.Parts...)
		} else {
			texts = append(texts, symbol.Part{Literal: v.Text})
		}
		if !moved && sc.values[p.Name] != nil {
			c.Place, c.Origins, moved = v.Place, v.Origins, true // the value is what a user can fix
		}
	}
	made := source.NewText(c.Place, texts...)
	c.Text, c.Parts = made.Text, made.Parts
	return &c
}

// value is the value of a reference at the node n of the template.
func (e *expander) value(sc *scope, n *source.Node, name string) *source.Node {
	if v := sc.values[name]; v != nil {
		return relocated(v, n.Place)
	}
	c := *n
	sc.here(&c)
	text, known := e.vars.lookup(name)
	c.Text, c.Type = text, source.String
	switch {
	case known && text != "":
	case known && name == "account":
		e.reportOnce(c, "account-missing", "the template needs the key's account for `$(account)`, and none is given",
			"give `account: \"111122223333\"` in the spec or in .keypolicy.yaml, or --account")
	case known:
		e.reportOnce(c, "template-parameter", fmt.Sprintf("the template needs `$(%s)`, and the spec gives no %s", name, name),
			fmt.Sprintf("give `%s` in the spec or in .keypolicy.yaml, or --%s", name, name))
	default:
		c.Text = n.Text // undeclared, or without a value: reported once, where the parameters are read
	}
	return &c
}

// relocated copies a value to the place in a template where it is used.
func relocated(v *source.Node, site diag.Place) *source.Node {
	c := v.Clone()
	addOrigin(c, site)
	return c
}

func addOrigin(n *source.Node, site diag.Place) {
	n.Origins = append([]diag.Place{site}, n.Origins...)
	for _, item := range n.Items {
		addOrigin(item, site)
	}
	for _, m := range n.Members {
		addOrigin(m.Key, site)
		addOrigin(m.Value, site)
	}
}

// templateHelp says where a template is looked for.
func templateHelp(name string, all []string) string {
	if near, ok := facts.Nearest(name, all); ok {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	return "`keypolicy templates` lists them; your own are read from the folders that `templates` in .keypolicy.yaml names"
}

// nearest offers the nearest name, as the end of a help text.
func nearest(word string, candidates []string) string {
	if name, ok := facts.Nearest(word, candidates); ok {
		return fmt.Sprintf("did you mean `%s`?", name)
	}
	if len(candidates) == 0 || len(candidates) > 12 {
		return ""
	}
	sorted := slices.Sorted(slices.Values(candidates))
	return "there is `" + strings.Join(sorted, "`, `") + "`"
}
