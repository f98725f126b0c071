package terraform

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// expansion is what count or for_each of a block makes of it.
type expansion struct {
	list    []*each
	indexed bool // it has count or for_each
	known   bool // all of its instances are
	byKey   bool // for_each
	hole    *hole
	choice  *choice // whether there are instances, where nothing that is settled before decides that
}

// mostInstances is how many instances of one block are looked at.
const mostInstances = 1000

// expandKnown evaluates a block's count or for_each.
func (e *evaluator) expandKnown(body *hclsyntax.Body, s *scope) expansion {
	a, counted := body.Attributes["count"], true
	if a == nil {
		a, counted = body.Attributes["for_each"], false
	}
	if a == nil {
		return expansion{list: []*each{nil}, known: true}
	}
	var x expansion
	rests := e.noting(func() {
		if counted {
			x = e.counted(a, s)
		} else {
			x = e.keyed(a, s)
		}
	})
	e.note(rests)
	switch {
	case x.known:
	case e.isOpen(rests):
		x.choice = nil
		if found := e.inEachWay(body, s, rests); len(found) > 1 || !counted && len(found) > 0 {
			x.list = found
		}
	case x.choice != nil:
		if option, assumed := e.assumed[x.choice.id]; assumed {
			x.choice = nil
			if option == 0 {
				x.list, x.known = nil, true
			}
		}
	}
	return x
}

// inEachWay are the instances that there are in some way of settling choices; none where they are not known in all of them.
func (e *evaluator) inEachWay(body *hclsyntax.Body, s *scope, rests names) (list []*each) {
	if e.worlds == nil {
		return nil
	}
	ways, all := e.worlds.settlements(e.choicesIn(rests))
	if !all {
		return nil
	}
	for _, way := range ways {
		w := e.worlds.evaluator(way)
		in, absent := w.instanceLike(s.in)
		if absent {
			continue
		}
		if in == nil {
			return nil
		}
		var x expansion
		w.as(e.open, func() { x = w.expandKnown(body, &scope{in: in}) })
		if !x.known {
			return nil
		}
		for _, one := range x.list {
			if slices.ContainsFunc(list, func(have *each) bool { return have.label == one.label }) || len(list) >= mostInstances {
				continue
			}
			if one.value != nil && one.value.hasHandle() { // of another evaluation
				c := *one
				c.value = e.ofEach("each.value", body.Attributes["for_each"], s, one.key.place)
				c.value.hole.Instance += one.label
				one = &c
			}
			list = append(list, one)
		}
	}
	return list
}

// hasHandle reports whether a value has a reference to a block in it.
func (v *value) hasHandle() bool {
	return v.kind == handle || v.encoded != nil && v.encoded.hasHandle() || slices.ContainsFunc(v.items, (*value).hasHandle) ||
		slices.ContainsFunc(v.fields, func(f field) bool { return f.value.hasHandle() })
}

// counted are the instances that count makes.
func (e *evaluator) counted(a *hclsyntax.Attribute, s *scope) expansion {
	v := e.value(a.Expr, s)
	x := expansion{indexed: true, hole: v.firstHole()}
	if n, err := strconv.Atoi(v.shownKnown()); err == nil && v.kind != boolean {
		x.known = true
		for i := range min(n, mostInstances) {
			label := strconv.Itoa(i)
			x.list = append(x.list, &each{key: newNumber(label, v.place), label: "[" + label + "]"})
		}
		return x
	}
	if v.kind == unknown {
		c := instancesChoice(v)
		x.choice = &c
	}
	x.list = []*each{{key: e.ofEach("count.index", a, s, v.place)}}
	return x
}

// shownKnown is a text or a number that is known; "" for all others.
func (v *value) shownKnown() string {
	s, _ := v.known()
	return s
}

// keyed are the instances that for_each makes.
func (e *evaluator) keyed(a *hclsyntax.Attribute, s *scope) expansion {
	v := e.value(a.Expr, s)
	x := expansion{indexed: true, byKey: true, known: true, hole: v.hole}
	for _, kv := range e.pairs(v) {
		if v.kind == list {
			kv.key = kv.value
		}
		name, ok := kv.key.known()
		if len(x.list) >= mostInstances || !ok {
			x.known = false
			continue
		}
		x.list = append(x.list, &each{key: kv.key, value: kv.value, label: "[" + strconv.Quote(name) + "]"})
	}
	if v.kind != list && v.kind != object || v.hole != nil {
		x.known = false
	}
	if !x.known {
		x.hole = cmp.Or(x.hole, v.firstHole())
		x.list = append(x.list, &each{key: e.ofEach("each.key", a, s, v.place), value: e.ofEach("each.value", a, s, v.place)})
	}
	if v.kind == unknown {
		c := instancesChoice(v)
		x.choice = &c
	}
	return x
}

// instances are those of a block, for what rests on whether there are any.
func (e *evaluator) instances(b block) expansion {
	x := e.expansionOf(b)
	if x.choice != nil {
		e.offer(*x.choice)
	}
	return x
}
