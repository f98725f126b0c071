package policydocument

import (
	"maps"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// policies makes policies of a carrier's values.
type policies[V any, H comparable] struct{ Values[V, H] }

// What the provider takes where nothing is given.
const (
	defaultVersion = "2012-10-17"
	defaultEffect  = "Allow"
)

// Policy is the policy that a data source gives. The provider also sorts lists and writes those of one member without brackets, which
// means the same.
func Policy[V any, H comparable](values Values[V, H], b Block[V, H]) V {
	p := &policies[V, H]{values}
	m := &merged[V, H]{p: p, sids: map[string]int{}, fresh: map[string]int{}}
	for _, name := range []string{"source_json", "source_policy_documents"} {
		for _, d := range b.Documents(name) {
			m.document(d, false)
		}
	}
	m.settle()
	version, at, given := b.Text("version")
	if !given {
		version, at = p.Text(defaultVersion, b.Place()), b.Place()
	}
	m.adopt(Field[V]{p.Text("Version", at), version})
	if id, at, given := b.Text("policy_id"); given {
		m.id = []Field[V]{{p.Text("Id", at), id}}
	}
	m.statements(p.statements(b), false)
	m.settle()
	for _, name := range []string{"override_policy_documents", "override_json"} {
		for _, d := range b.Documents(name) {
			m.document(d, true)
		}
	}
	return p.Object(m.object(b.Place()))
}

// merged is a policy that documents are put together to.
type merged[V any, H comparable] struct {
	p       *policies[V, H]
	version []Field[V] // one, or none yet
	id      []Field[V]
	list    List[V, H]
	sids    map[string]int // the positions of the statements that others may replace, by their Sids
	fresh   map[string]int // those that are not among them yet
}

func (m *merged[V, H]) object(place diag.Place) Object[V, H] {
	m.list.Place = place
	out := Object[V, H]{Place: place}
	out.Fields = append(out.Fields, m.version...)
	out.Fields = append(out.Fields, m.id...)
	out.Fields = append(out.Fields, Field[V]{m.p.Text("Statement", place), m.p.List(m.list)})
	return out
}

// settle lets the statements that are there be replaced by what is merged from now on. Those of the sources do not replace one another,
// nor do the document's own: the provider refuses a Sid that they have twice.
func (m *merged[V, H]) settle() {
	maps.Copy(m.sids, m.fresh)
	clear(m.fresh)
}

// adopt takes the version of a document where it is a later one.
func (m *merged[V, H]) adopt(f Field[V]) {
	if len(m.version) > 0 {
		has, isKnown := m.p.known(m.version[0].Value)
		if v, known := m.p.known(f.Value); !known || isKnown && v <= has {
			return
		}
	}
	m.version = []Field[V]{f}
}

// document merges one document. Statements of an override may also replace one another.
func (m *merged[V, H]) document(d Document[V, H], overrides bool) {
	var none H
	if d.Hole != none {
		m.list.More = m.p.And(m.list.More, d.Hole)
		return
	}
	o, _ := m.p.AsObject(d.Root)
	for _, f := range o.Fields {
		switch name, _ := m.p.known(f.Name); name {
		case "Version":
			m.adopt(f)
		case "Id":
			if id, known := m.p.known(f.Value); !known || id != "" {
				m.id = []Field[V]{f}
			}
		}
	}
	m.statements(m.p.statementsOf(d.Root), overrides)
}

// statements merges statements. One with the Sid of a statement that may be replaced takes its place.
func (m *merged[V, H]) statements(more List[V, H], overrides bool) {
	for _, st := range more.Items {
		sid := m.p.sid(st)
		if at, have := m.sids[sid]; have {
			m.list.Items[at] = st
			continue
		}
		if _, have := m.fresh[sid]; sid != "" && !have {
			m.fresh[sid] = len(m.list.Items)
		}
		m.list.Items = append(m.list.Items, st)
		if overrides {
			m.settle()
		}
	}
	m.list.More = m.p.And(m.list.More, more.More)
}

// sid is one text for the Sids that are equal in every run; "" where there is none.
func (p *policies[V, H]) sid(st V) string {
	o, _ := p.AsObject(st)
	v, has := p.get(o, "Sid")
	if !has {
		return ""
	}
	if s, known := p.known(v); known {
		return s
	}
	return "\x00" + p.ID(v)
}

// statementsOf are the statements of a document that another one is made of.
func (p *policies[V, H]) statementsOf(root V) List[V, H] {
	var none List[V, H]
	if h, is := p.Hole(root); is {
		none.More = h
		return none
	}
	o, _ := p.AsObject(root)
	st, has := p.get(o, "Statement")
	if !has {
		none.More = o.More
		return none
	}
	if h, is := p.Hole(st); is {
		none.More = h
		return none
	}
	out, is := p.AsList(st)
	if !is {
		out = List[V, H]{Items: []V{st}}
	}
	list := List[V, H]{More: out.More}
	for _, item := range out.Items {
		list.Items = append(list.Items, p.passedOn(item))
	}
	return list
}
