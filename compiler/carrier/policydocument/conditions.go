package policydocument

import "github.com/keypolicy/keypolicy/compiler/diag"

// conditions are those of blocks: {test: {variable: [values]}}. A block whose test is not known may be any member of the object.
func (p *policies[V, H]) conditions(b Block[V, H]) (v V, at diag.Place, given bool) {
	var none H
	blocks, more := b.Blocks("condition")
	if len(blocks) == 0 && more == none {
		return v, at, false
	}
	out := Object[V, H]{Place: b.Place(), More: more}
	if len(blocks) > 0 {
		out.Place = blocks[0].Place()
	}
	have := map[string]bool{}
	for _, block := range blocks {
		test, _, hasTest := block.Text("test")
		variable, _, hasVariable := block.Text("variable")
		if _, isHole := p.Hole(test); !hasTest || !hasVariable || isHole {
			out.More = p.And(out.More, block.Hole(test))
			continue
		}
		values, _, has := block.Texts("values")
		if !has {
			values = List[V, H]{Place: block.Place()}
		}
		list := p.List(p.withVariables(values))
		if id := p.ID(test) + "\x00" + p.ID(variable) + "\x00" + p.ID(list); !have[id] {
			have[id] = true
			p.addCondition(&out, block.Place(), Field[V]{test, list}, variable)
		}
	}
	return p.Object(out), out.Place, true
}

func (p *policies[V, H]) addCondition(to *Object[V, H], at diag.Place, test Field[V], variable V) {
	id := p.ID(test.Name)
	for i, f := range to.Fields {
		if p.ID(f.Name) == id {
			keys, _ := p.AsObject(f.Value)
			p.addList(&keys, variable, test.Value)
			to.Fields[i].Value = p.Object(keys)
			return
		}
	}
	keys := Object[V, H]{Place: at}
	p.addList(&keys, variable, test.Value)
	to.Fields = append(to.Fields, Field[V]{test.Name, p.Object(keys)})
}

// passedOn is a statement of a document as the provider reads it, which leaves out the values of conditions that are numbers.
func (p *policies[V, H]) passedOn(st V) V {
	o, _ := p.AsObject(st)
	for i, f := range o.Fields {
		if name, _ := p.known(f.Name); name != "Condition" {
			continue
		}
		c, is := p.AsObject(f.Value)
		left, fewer := p.withoutNumbers(c)
		if !is || !fewer {
			return st
		}
		fields := append([]Field[V]{}, o.Fields...)
		if left.isEmpty() {
			fields = append(fields[:i], fields[i+1:]...)
		} else {
			fields[i].Value = p.Object(left)
		}
		o.Fields = fields
		return p.Object(o)
	}
	return st
}

func (p *policies[V, H]) withoutNumbers(c Object[V, H]) (left Object[V, H], fewer bool) {
	left = Object[V, H]{Place: c.Place, More: c.More}
	for _, operator := range c.Fields {
		keys, is := p.AsObject(operator.Value)
		kept := Object[V, H]{Place: keys.Place, More: keys.More}
		for _, key := range keys.Fields {
			if s, _ := p.Known(key.Value); !s.IsNumber {
				kept.Fields = append(kept.Fields, key)
			}
		}
		switch {
		case !is || len(kept.Fields) == len(keys.Fields):
			left.Fields = append(left.Fields, operator)
			continue
		case !kept.isEmpty():
			left.Fields = append(left.Fields, Field[V]{operator.Name, p.Object(kept)})
		}
		fewer = true
	}
	return left, fewer
}
