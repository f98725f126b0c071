package policydocument

import "github.com/keypolicy/keypolicy/compiler/diag"

// principals are those of blocks: {"AWS": […], "Service": […]}, or "*" where that is the type and the identifier of the only one. A
// block whose type is not known may be any member of the object.
func (p *policies[V, H]) principals(b Block[V, H], name string) (v V, at diag.Place, given bool) {
	var none H
	blocks, more := b.Blocks(name)
	if len(blocks) == 0 && more == none {
		return v, at, false
	}
	out := Object[V, H]{Place: b.Place(), More: more}
	if len(blocks) > 0 {
		out.Place = blocks[0].Place()
	}
	var everyone []V
	have := map[string]bool{}
	for _, block := range blocks {
		kind, _, given := block.Text("type")
		identifiers, _, has := block.Texts("identifiers")
		if !has {
			identifiers = List[V, H]{Place: block.Place()}
		}
		name, known := "", false
		if given {
			name, known = p.known(kind)
		}
		if !known {
			out.More = p.And(out.More, block.Hole(kind))
			continue
		}
		list := p.set(p.withVariables(identifiers))
		id := p.ID(kind) + "\x00" + p.ID(list)
		if have[id] {
			continue
		}
		have[id] = true
		if name == "*" && p.isEveryone(list) {
			everyone = append(everyone, kind)
		}
		p.addList(&out, kind, list)
	}
	if len(out.Fields) == 1 && len(everyone) == 1 && len(have) == 1 {
		return everyone[0], out.Place, true
	}
	return p.Object(out), out.Place, true
}

// isEveryone reports whether identifiers are "*" and nothing else.
func (p *policies[V, H]) isEveryone(list V) bool {
	var none H
	l, _ := p.AsList(list)
	if len(l.Items) != 1 || l.More != none {
		return false
	}
	s, _ := p.known(l.Items[0])
	return s == "*"
}

// addList adds a field with a list to an object, or the list's items to those that the field has.
func (p *policies[V, H]) addList(to *Object[V, H], name, list V) {
	id := p.ID(name)
	for i, f := range to.Fields {
		if p.ID(f.Name) != id {
			continue
		}
		have, _ := p.AsList(f.Value)
		more, _ := p.AsList(list)
		items := append(append([]V{}, have.Items...), more.Items...)
		to.Fields[i].Value = p.List(List[V, H]{have.Place, items, p.And(have.More, more.More)})
		return
	}
	to.Fields = append(to.Fields, Field[V]{name, list})
}
