package policydocument

import "github.com/keypolicy/keypolicy/compiler/diag"

// statements are the document's own.
func (p *policies[V, H]) statements(b Block[V, H]) List[V, H] {
	blocks, more := b.Blocks("statement")
	out := List[V, H]{Place: b.Place(), More: more}
	for _, st := range blocks {
		out.Items = append(out.Items, p.statement(st))
	}
	return out
}

// statement is that of one block.
func (p *policies[V, H]) statement(b Block[V, H]) V {
	out := Object[V, H]{Place: b.Place()}
	add := func(name string, at diag.Place, v V) {
		out.Fields = append(out.Fields, Field[V]{p.Text(name, at), v})
	}
	if v, at, given := b.Text("sid"); given {
		add("Sid", at, v)
	}
	if v, at, given := b.Text("effect"); given {
		add("Effect", at, v)
	} else {
		add("Effect", b.Place(), p.Text(defaultEffect, b.Place()))
	}
	for _, of := range []struct{ element, block string }{{"Principal", "principals"}, {"NotPrincipal", "not_principals"}} {
		if v, at, given := p.principals(b, of.block); given {
			add(of.element, at, v)
		}
	}
	for _, of := range []struct {
		element, argument string
		variables         bool
	}{
		{"Action", "actions", false},
		{"NotAction", "not_actions", false},
		{"Resource", "resources", true},
		{"NotResource", "not_resources", true},
	} {
		l, at, given := b.Texts(of.argument)
		if !given {
			continue
		}
		if of.variables {
			l = p.withVariables(l)
		}
		add(of.element, at, p.set(l))
	}
	if v, at, given := p.conditions(b); given {
		add("Condition", at, v)
	}
	return p.Object(out)
}

func (p *policies[V, H]) withVariables(l List[V, H]) List[V, H] {
	out := List[V, H]{Place: l.Place, More: l.More}
	for _, item := range l.Items {
		out.Items = append(out.Items, p.WithVariables(item))
	}
	return out
}
