package terraform

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// names is a set of root variables and of choices, which are marked.
type names map[string]bool

// reading is what an evaluation notes of the root's variables whose defaults count, as nothing gives them a value.
type reading struct {
	open   bool // the defaults are not known: each is a hole
	unmade bool // blocks that are not there by default are, as with variables that are not known
	whole  bool // open is set wherever it is not taken back to find which blocks there are
	used   names
	rests  map[resting]names
}

// resting is a named value that is evaluated once.
type resting struct {
	in   *instance
	name string
}

func newReading(open bool) reading {
	return reading{open: open, whole: open, used: names{}, rests: map[resting]names{}}
}

// cached is the name under which a value is kept: it has two where defaults are holes in some places.
func (r *reading) cached(name string) string {
	if r.open {
		return "\x00" + name
	}
	return name
}

// noting evaluates and gives back on which defaults that rests, without noting it.
func (r *reading) noting(eval func()) names {
	outer := r.used
	r.used = names{}
	eval()
	used := r.used
	r.used = outer
	return used
}

func (r *reading) note(used names) { maps.Copy(r.used, used) }

// byDefault is the value of a root variable that nothing but its default gives a value.
func (e *evaluator) byDefault(in *instance, name string, b *hclsyntax.Block, def *hclsyntax.Attribute) *value {
	e.used[name] = true
	if e.open {
		return e.unknown(symbol.Variable, "var."+name, &scope{in: in}, e.place(b.DefRange()))
	}
	return e.value(def.Expr, &scope{in: in})
}

// as evaluates with defaults that are known or not.
func (e *evaluator) as(open bool, eval func()) {
	before := e.open
	e.open = open
	eval()
	e.open = before
}

// expand evaluates a block's count or for_each. Defaults decide which instances there are, also where what the instances are given
// is not known because of them.
func (e *evaluator) expand(body *hclsyntax.Body, s *scope) expansion {
	if !e.open {
		return e.expandKnown(body, s)
	}
	var out expansion
	e.as(false, func() { out = e.expandKnown(body, s) })
	if e.unmade {
		return e.expandUnmade(body, s, out)
	}
	open := e.expandKnown(body, s)
	if open.known || !out.byKey {
		return out
	}
	for i, one := range out.list {
		if one.label == "" {
			continue
		}
		by := body.Attributes["for_each"]
		key, val := e.ofEach("each.key", by, s, one.key.place), e.ofEach("each.value", by, s, one.key.place)
		key.hole.Instance += one.label
		val.hole.Instance += one.label
		out.list[i] = &each{key: key, value: val, label: one.label}
		if at := slices.IndexFunc(open.list, func(o *each) bool { return o.label == one.label }); at >= 0 {
			out.list[i] = open.list[at]
		}
	}
	return out
}

// defaults are the places of the defaults that a key rests on, by the names of their variables.
func (e *evaluator) defaults(used names) []carrier.Default {
	var list []carrier.Default
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if isChoice(name) {
			continue
		}
		if a := e.root.config.variables[name].Body.Attributes["default"]; a != nil {
			list = append(list, carrier.Default{Variable: "var." + name, Place: e.place(a.SrcRange)})
		}
	}
	return list
}

// withoutDefaults gives the keys that rest on defaults their other readings, in which the defaults are not known.
func (m *Modules) withoutDefaults(folder string, keys []*keyBlock) {
	if !slices.ContainsFunc(keys, func(k *keyBlock) bool { return len(k.key.Defaults) > 0 }) {
		return
	}
	e := m.evaluator(true, nil)
	c, err := e.load(folder)
	if err != nil {
		return
	}
	e.begin(c, e.valuesOf(c))
	all := e.keysOf(isAboutKeys)
	open := map[string]*carrier.Key{}
	for _, k := range all {
		open[k.key.Resource] = k.key
	}
	for _, k := range keys {
		if len(k.key.Defaults) > 0 {
			k.key.WithoutDefaults = open[k.key.Resource]
		}
	}
}

// restsOn are the defaults that what a block and the calls of its module are given for each of their instances rests on.
func (e *evaluator) restsOn(b block) names {
	used := names{}
	if b.each != nil && b.each.value != nil {
		used = e.noting(func() { e.expansionOf(b) })
	}
	for in := b.in; in != nil; in = in.up {
		maps.Copy(used, in.rests)
	}
	return used
}
