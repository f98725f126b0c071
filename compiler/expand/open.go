package expand

import (
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Open is a hole for each of a template's parameters that has no default, at the place of the parameter.
func Open(t *spec.Template) *source.Node {
	parameters := source.NewMapping(t.Root.Place)
	for i := range t.Parameters {
		if p := &t.Parameters[i]; p.Default == nil {
			parameters.Members = append(parameters.Members, source.Member{Key: p.Name, Value: openValue(p, p.Schema)})
		}
	}
	return parameters
}

// openValue is what is known of a parameter's value by its schema: the one value that it can have, or its type.
func openValue(p *spec.Parameter, schema *source.Node) *source.Node {
	if one := schema.Get("const"); one != nil {
		return one
	}
	if list := schema.Get("enum"); list != nil && len(list.Items) == 1 {
		return list.Items[0]
	}
	kind := schema.Get("type")
	if kind.IsString() && kind.Text == "array" { // of one entry or more
		items := schema.Get("items")
		if items == nil {
			items = source.NewMapping(p.Name.Place)
		}
		return source.NewSequence(p.Name.Place, openValue(p, items))
	}
	n := source.NewHole(&symbol.Hole{Kind: symbol.Parameter, Ref: p.Name.Text, Place: p.Name.Place})
	if kind.IsString() {
		switch kind.Text {
		case "boolean":
			n.Type, n.Style = source.Bool, source.Plain
		case "integer", "number":
			n.Type, n.Style = source.Int, source.Plain
		}
	}
	return n
}

// With is the library with one template in the place of what has its name.
func (l *Library) With(t *Entry) *Library {
	all := []*Entry{t}
	for _, name := range l.Names() {
		if e := l.user[name]; e != nil && name != t.Template.Name.Text {
			all = append(all, e)
		}
	}
	return NewLibrary(all)
}
