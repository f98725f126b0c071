package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// keyGroup is the keys whose conditions are described together: one, or several that variables compare with each other.
type keyGroup struct {
	dims   []int // counted from 0, sorted
	sizes  []int
	points int
}

// maxPoints bounds the values of compared keys that are looked at together.
const maxPoints = 20_000

// findGroups groups the keys.
func (s *system) findGroups() []keyGroup {
	group := make([]int, len(s.dims))
	for i := range group {
		group[i] = i
	}
	join := func(a, b int) {
		from, to := max(group[a], group[b]), min(group[a], group[b])
		for i := range group {
			if group[i] == from {
				group[i] = to
			}
		}
	}
	s.conditions(func(_ *model, _ *statement, c *condition) {
		first := -1
		for _, lower := range append(c.variableNames(), c.key.lower) {
			at, ok := s.index[dimensionKey(lower)]
			switch {
			case !ok || len(c.variableNames()) == 0:
			case first < 0:
				first = at - dimKeys
			default:
				join(first, at-dimKeys)
			}
		}
	})
	var list []keyGroup
	for i := range group {
		if group[i] != i {
			continue
		}
		c := keyGroup{points: 1}
		for j := range group {
			if group[j] == i {
				c.dims, c.sizes = append(c.dims, j), append(c.sizes, len(s.dims[j].atoms))
				c.points *= len(s.dims[j].atoms)
			}
		}
		list = append(list, c)
	}
	return list
}

// at gives the atom of each key at a point.
func (c *keyGroup) at(point int) []int {
	out := make([]int, len(c.dims))
	for i, n := range c.sizes {
		out[i], point = point%n, point/n
	}
	return out
}

// where is the set of points that fit.
func (c *keyGroup) where(fits func(atoms []int) bool) bitset {
	b := newBits(c.points)
	for p := range c.points {
		if fits(c.at(p)) {
			b.add(p)
		}
	}
	return b
}

// product is the points of a set of atoms of each key.
func (c *keyGroup) product(of func(dim int) bitset) bitset {
	sets := make([]bitset, len(c.dims))
	for i, dim := range c.dims {
		sets[i] = of(dim)
	}
	return c.where(func(atoms []int) bool {
		for i, a := range atoms {
			if !sets[i].has(a) {
				return false
			}
		}
		return true
	})
}

// alternative is contexts as points: of each component the set that fits, nil where it does not matter.
type alternative []bitset

// describer puts the contexts of one caller and one action in words.
type describer struct {
	s        *system
	callerAt int
	can      []bitset // of each key, what can be
	comps    []keyGroup
	cans     []bitset // of each component
}

// groups are the groups of keys, found once.
func (s *system) groups() []keyGroup {
	if s.keyGroups == nil {
		s.keyGroups = s.findGroups()
	}
	return s.keyGroups
}

func (s *system) describer(callerAt int, can []bitset) *describer {
	d := &describer{s: s, callerAt: callerAt, can: can, comps: s.groups()}
	for i := range d.comps {
		c := &d.comps[i]
		if c.points > maxPoints {
			d.cans = append(d.cans, nil)
			continue
		}
		d.cans = append(d.cans, c.product(func(dim int) bitset { return d.can[dim] }))
	}
	return d
}

// alternatives are the projections as points. Those that differ in one component alone are one.
func (d *describer) alternatives(list []projection) []alternative {
	var out []alternative
	for _, p := range list {
		a := make(alternative, len(d.comps))
		for i := range d.comps {
			c := &d.comps[i]
			matters := slices.ContainsFunc(c.dims, func(dim int) bool { return p[dim] != nil })
			if !matters || d.cans[i] == nil {
				continue
			}
			a[i] = c.product(func(dim int) bitset { return p[dim] }).and(d.cans[i])
			if d.cans[i].within(a[i]) {
				a[i] = nil
			}
		}
		out = append(out, a)
	}
	for changed := true; changed; {
		changed = false
		for i := 0; i < len(out); i++ {
			for j := i + 1; j < len(out); {
				if m, ok := d.merged(out[i], out[j]); ok {
					out[i], changed = m, true
					out = slices.Delete(out, j, j+1)
					continue
				}
				j++
			}
		}
	}
	return out
}

func (d *describer) merged(a, b alternative) (alternative, bool) {
	differ := -1
	inA, inB := true, true
	for k := range a {
		inA, inB = inA && b[k].within(a[k]), inB && a[k].within(b[k])
		if a[k].equal(b[k]) {
			continue
		}
		if differ >= 0 {
			differ = len(a)
			continue
		}
		differ = k
	}
	switch {
	case inA:
		return a, true
	case inB:
		return b, true
	case differ == len(a):
		return nil, false
	}
	out := slices.Clone(a)
	out[differ] = a[differ].or(b[differ])
	if out[differ] != nil && d.cans[differ].within(out[differ]) {
		out[differ] = nil
	}
	return out, true
}

// constraints says what a set of a component's points is: any of some constraints on its keys.
func (d *describer) constraints(at int, want bitset) []map[string]Constraint {
	if c := &d.comps[at]; len(c.dims) > 1 || d.comparesCaller(c.dims[0]) {
		return d.compared(at, want)
	}
	dim := d.comps[at].dims[0]
	k := d.s.dims[dim]
	present := k.present().and(d.cans[at])
	here, absent := want.and(present), want.has(0)
	one := func(c Constraint) []map[string]Constraint { return []map[string]Constraint{{k.key.name: c}} }
	switch {
	case here.empty():
		return one(Constraint{Comparison: Comparison{"Null", []string{"true"}}, Absent: true})
	case present.within(here):
		c := Constraint{Comparison: Comparison{"Null", []string{"false"}}, Absent: absent}
		for _, f := range d.facts(at) { // a list that holds of every value is told all the same
			if !f.contrary && !leavesOut(f.comparison().Operator) && present.within(f.set) {
				c = Constraint{Comparison: f.comparison(), Absent: absent}
				break
			}
		}
		return one(c)
	}
	list, ok := terms(d.facts(at), here, present)
	if !ok {
		return one(Constraint{Comparison: Comparison{"", []string{}}, Absent: absent})
	}
	var all []Constraint
	for _, t := range list {
		all = append(all, d.constraintOf(k, t, absent))
	}
	for i := 0; i < len(all); i++ {
		for j := i + 1; j < len(all); {
			if joined, ok := either(all[i], all[j]); ok {
				all[i] = joined
				all = slices.Delete(all, j, j+1)
				continue
			}
			j++
		}
	}
	var out []map[string]Constraint
	for _, c := range all {
		out = append(out, map[string]Constraint{k.key.name: c})
	}
	return out
}

// constraintOf writes a term on one key. Where a finite list is among its facts, what the others leave of it says all.
func (d *describer) constraintOf(k *dimension, t term, absent bool) Constraint {
	for _, f := range t.facts {
		if len(t.facts) > 1 && !f.contrary && f.cond.isFinite() {
			left := f.comparison()
			var values []string
			for i := range f.cond.values {
				v := &f.cond.values[i]
				if !slices.Contains(values, v.written) && d.holds(t, v.text) && d.s.models[0].domainOf(k.key).match(v.text) {
					values = append(values, v.written)
				}
			}
			slices.Sort(values)
			if len(values) > 0 {
				left.Values = values
				return Constraint{Comparison: left, Absent: absent}
			}
		}
	}
	var all []Comparison
	for _, f := range t.facts {
		all = append(all, f.comparison())
	}
	return constrain(all, absent)
}

// isFinite: the condition lists all values that it holds of.
func (c *condition) isFinite() bool {
	if c.op.negated || c.op.set != plain || c.key.multi || c.op.family != familyString && c.op.family != familyARN || c.op.compare == compareFold {
		return false
	}
	return !slices.ContainsFunc(c.values, func(v value) bool {
		if v.bad || v.pieces != nil {
			return true
		}
		_, literal := v.pattern().literal()
		return !literal
	})
}

func (d *describer) holds(t term, text string) bool {
	r := &request{caller: d.s.callers[d.callerAt]}
	return !slices.ContainsFunc(t.facts, func(f *fact) bool {
		want := yes
		if f.contrary {
			want = no
		}
		return f.cond.evalValues([]string{text}, r) != want
	})
}

// comparesCaller says whether a variable of the key is what the caller is compared with.
func (d *describer) comparesCaller(dim int) bool {
	found := false
	lower := d.s.dims[dim].key.lower
	d.s.conditions(func(_ *model, _ *statement, c *condition) {
		found = found || isCallerKey(c.key.lower) && slices.ContainsFunc(c.variableNames(), func(n string) bool { return dimensionKey(n) == lower })
	})
	return found
}

// facts are what the conditions say of a component's points.
func (d *describer) facts(at int) []*fact {
	if list, ok := d.s.facts[at]; ok {
		return list
	}
	c := &d.comps[at]
	var list []*fact
	byCaller := false
	seen := map[string]bool{}
	add := func(cond *condition) {
		id := cond.key.lower + "\x00" + strings.TrimSuffix(cond.text, "IfExists")
		var texts []string
		for i := range cond.values {
			texts = append(texts, cond.values[i].written)
		}
		slices.Sort(texts)
		if id += "\x00" + strings.Join(texts, "\x00"); seen[id] || cond.op.family == familyNull || cond.op.family == familyUnknown {
			return
		}
		seen[id] = true
		d.s.meter.take(c.points)
		byCaller = byCaller || isCallerKey(cond.key.lower) || slices.ContainsFunc(cond.variableNames(), isCallerKey)
		holds, fails := newBits(c.points), newBits(c.points)
		for p := range c.points {
			switch d.eval(cond, c, c.at(p)) {
			case yes:
				holds.add(p)
			case no:
				fails.add(p)
			case maybe:
			}
		}
		list = append(list, &fact{cond: cond, key: cond.key.lower, set: holds}, &fact{cond: cond, key: cond.key.lower, contrary: true, set: fails})
	}
	dims := map[string]bool{}
	for _, dim := range c.dims {
		dims[d.s.dims[dim].key.lower] = true
	}
	d.s.conditions(func(_ *model, _ *statement, cond *condition) {
		about := dims[dimensionKey(cond.key.lower)]
		if !about && isCallerKey(cond.key.lower) {
			about = slices.ContainsFunc(cond.variableNames(), func(n string) bool { return dims[dimensionKey(n)] })
		}
		if about {
			add(cond)
		}
	})
	for _, dim := range c.dims {
		if trusted := d.s.trustedCondition(d.s.dims[dim].key); trusted != nil {
			add(trusted)
		}
	}
	if len(c.dims) > 1 || d.comparesCaller(c.dims[0]) {
		for i, dim := range c.dims {
			lower := d.s.dims[dim].key.lower
			list = append(list,
				&fact{key: lower, set: c.where(func(atoms []int) bool { return atoms[i] != 0 }), text: lower},
				&fact{key: lower, contrary: true, set: c.where(func(atoms []int) bool { return atoms[i] == 0 }), text: lower})
		}
	}
	sortFacts(list)
	if !byCaller {
		d.s.facts[at] = list
	}
	return list
}

// eval decides a condition for the caller at a point.
func (d *describer) eval(cond *condition, c *keyGroup, atoms []int) tri {
	r := &request{caller: d.s.callers[d.callerAt]}
	if len(cond.variableNames()) == 0 && len(c.dims) == 1 {
		if !isCallerKey(cond.key.lower) {
			return cond.evalValues(d.s.dims[c.dims[0]].atoms[atoms[0]].values, r)
		}
		return cond.eval(r)
	}
	r.ctx = map[string][]string{}
	for i, dim := range c.dims {
		if k := d.s.dims[dim]; k.atoms[atoms[i]].values != nil {
			r.ctx[k.key.lower] = k.atoms[atoms[i]].values
		}
	}
	return cond.eval(r)
}

// trustedCondition says that a caller is in a trusted organization, as a condition.
func (s *system) trustedCondition(k conditionKey) *condition {
	if len(s.env.TrustOrgs) == 0 {
		return nil
	}
	operator, tail := "", ""
	switch k.lower {
	case "aws:principalorgid":
		operator = "StringEquals"
	case "aws:principalorgpaths":
		operator, tail = "ForAllValues:StringLike", "/*"
	default:
		return nil
	}
	written := policy.Condition{Operator: policy.Text{Value: operator}, Key: policy.Text{Value: k.name, Path: diag.Path{}}}
	for _, org := range s.env.TrustOrgs {
		written.Values = append(written.Values, policy.Text{Value: org + tail})
	}
	c := compileCondition(written, "", false, "")
	return &c
}

// compared says what a set of points of keys is that are compared with each other.
func (d *describer) compared(at int, want bitset) []map[string]Constraint {
	c := &d.comps[at]
	list, ok := terms(d.facts(at), want, d.cans[at])
	if !ok {
		out := map[string]Constraint{}
		for _, dim := range c.dims {
			out[d.s.dims[dim].key.name] = Constraint{Comparison: Comparison{"", []string{}}, Absent: true}
		}
		return []map[string]Constraint{out}
	}
	var out []map[string]Constraint
	for _, t := range list {
		asked := map[string][]Comparison{}
		names := map[string]string{}
		for _, f := range t.facts {
			if f.cond != nil {
				asked[f.key] = append(asked[f.key], f.comparison())
				names[f.key] = d.s.keyName(f.key)
			}
		}
		constraints := map[string]Constraint{}
		for lower, all := range asked {
			constraints[names[lower]] = constrain(all, d.absentIn(c, t, lower))
		}
		for _, f := range t.facts {
			name := d.s.keyName(f.key)
			if _, told := constraints[name]; f.cond == nil && !told {
				constraints[name] = Constraint{Comparison: Comparison{"Null", []string{fmt.Sprint(f.contrary)}}, Absent: f.contrary}
			}
		}
		out = append(out, constraints)
	}
	return out
}

// absentIn says whether a request of a term can be without a key.
func (d *describer) absentIn(c *keyGroup, t term, lower string) bool {
	at := slices.IndexFunc(c.dims, func(dim int) bool { return d.s.dims[dim].key.lower == dimensionKey(lower) })
	if at < 0 {
		return false
	}
	return slices.ContainsFunc(t.set.members(c.points), func(p int) bool { return c.at(p)[at] == 0 })
}

// describe puts contexts in words. Without any limits there are none.
func (s *system) describe(list []projection, callerAt, actionAt int) Conditions {
	can := s.possible(callerAt, actionAt)
	key := s.key(list) + "\x00" + s.key([]projection{can})
	if s.comparesCallers() {
		key += fmt.Sprint(callerAt)
	}
	if c, ok := s.described[key]; ok {
		return c
	}
	c := s.describer(callerAt, can).describe(list)
	s.described[key] = c
	return c
}

// comparesCallers says whether what a key must be can depend on who the caller is.
func (s *system) comparesCallers() bool {
	found := false
	s.conditions(func(_ *model, _ *statement, c *condition) {
		found = found || len(c.variableNames()) > 0
	})
	return found
}

func (d *describer) describe(list []projection) Conditions {
	all := d.alternatives(list)
	if len(all) > maxContexts {
		return Conditions{Text: "only in some contexts, which are too many to be listed"}
	}
	var out Conditions
	var texts []string
	for _, a := range all {
		entries := []map[string]Constraint{{}}
		for i, set := range a {
			if set != nil {
				entries = multiply(entries, d.constraints(i, set))
			}
		}
		for _, e := range entries {
			if len(e) == 0 {
				return Conditions{}
			}
			out.AnyOf = append(out.AnyOf, e)
			texts = append(texts, sentence(e))
		}
	}
	out.sort(texts)
	return out
}

// multiply joins each entry with each of some others.
func multiply(entries, more []map[string]Constraint) []map[string]Constraint {
	var out []map[string]Constraint
	for _, a := range entries {
		for _, b := range more {
			joined := map[string]Constraint{}
			for _, m := range []map[string]Constraint{a, b} {
				for k, c := range m {
					joined[k] = c
				}
			}
			out = append(out, joined)
		}
	}
	return out
}

// sentence puts one alternative in words, its keys in order.
func sentence(entry map[string]Constraint) string {
	var phrases []string
	for _, name := range sortedKeys(entry) {
		phrases = append(phrases, phrase(keyNamed(name), entry[name]))
	}
	return strings.Join(phrases, ", ")
}
