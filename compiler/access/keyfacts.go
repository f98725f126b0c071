package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// comparesCaller reports whether a variable of the key is what the caller is compared with, as in ArnLike on aws:PrincipalArn with
// ${aws:PrincipalTag/team}: the key is then described for each caller.
func (d *describer) comparesCaller(dim int) bool {
	found := false
	lower := d.s.dims[dim].key.lower
	d.s.conditions(func(_ *model, _ *statement, c *condition) {
		found = found || isCallerKey(c.key.lower) && slices.ContainsFunc(c.variableNames(), func(n string) bool { return dimensionKey(n) == lower })
	})
	return found
}

// facts are what the conditions say of a component's points.
// The vocabulary of a description is what the policy itself says: each of its conditions, and the contrary of
// each. So a report never uses a value that the reader cannot find in his file, trusted organizations apart.
func (d *describer) facts(at int) []*fact {
	if list, ok := d.s.facts[at]; ok {
		return list
	}
	c := &d.comps[at]
	var list []*fact
	byCaller := false
	seen := map[string]bool{}
	compared := len(c.dims) > 1 || d.comparesCaller(c.dims[0])
	add := func(cond *condition) {
		operator := cond.text
		if !compared { // else it distinguishes points with the key from others too
			operator = strings.TrimSuffix(operator, "IfExists")
		}
		id := cond.key.lower + "\x00" + operator
		var texts []string
		for i := range cond.values {
			texts = append(texts, cond.values[i].written)
		}
		slices.Sort(texts)
		if id += "\x00" + strings.Join(texts, "\x00"); seen[id] || cond.op.family == familyNull || cond.op.family == familyUnknown {
			return
		}
		seen[id] = true
		d.s.meter.Take(c.points)
		byCaller = byCaller || isCallerKey(cond.key.lower) || slices.ContainsFunc(cond.variableNames(), isCallerKey)
		holds, fails := boxes.NewSet(c.points), boxes.NewSet(c.points)
		classes := make([]int, len(c.dims))
		for p := range c.points {
			switch d.eval(cond, c, c.at(p, classes)) {
			case yes:
				holds.Add(p)
			case no:
				fails.Add(p)
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
		if about && !c.compares(d.s, cond) {
			add(cond)
		}
	})
	for _, dim := range c.dims {
		if trusted := d.s.trustedCondition(d.s.dims[dim].key); trusted != nil {
			add(trusted)
		}
	}
	if compared {
		for i, dim := range c.dims {
			lower := d.s.dims[dim].key.lower
			list = append(list,
				&fact{key: lower, set: c.where(func(classes []int) bool { return classes[i] != 0 }), text: lower},
				&fact{key: lower, contrary: true, set: c.where(func(classes []int) bool { return classes[i] == 0 }), text: lower})
		}
	}
	sortFacts(list)
	if !byCaller {
		d.s.facts[at] = list
	}
	return list
}

// eval decides a condition for the caller at a point.
func (d *describer) eval(cond *condition, c *keyGroup, classes []int) tri {
	r := &request{caller: d.s.callers[d.callerAt]}
	if len(cond.variableNames()) == 0 && len(c.dims) == 1 {
		if !isCallerKey(cond.key.lower) {
			return cond.evalValues(d.s.dims[c.dims[0]].classes[classes[0]].values, r)
		}
		return cond.eval(r)
	}
	r.ctx = map[string][]string{}
	for i, dim := range c.dims {
		if k := d.s.dims[dim]; k.classes[classes[i]].values != nil {
			r.ctx[k.key.lower] = k.classes[classes[i]].values
		}
	}
	return cond.eval(r)
}

// trustedCondition says that a caller is in a trusted organization, as a condition.
func (s *space) trustedCondition(k conditionKey) *condition {
	if len(s.env.TrustOrgs) == 0 {
		return nil
	}
	operator, tail := "", ""
	switch facts.KeySays(k.lower) {
	case facts.CallerOrganization:
		operator = "StringEquals"
	case facts.CallerOrganizationPath:
		operator, tail = "ForAllValues:StringLike", "/*"
	default:
		return nil
	}
	written := policy.Condition{Operator: policy.Text{Value: operator}, Key: policy.Text{Value: k.name, Path: diag.Path{}}}
	for _, org := range s.env.TrustOrgs {
		written.Values = append(written.Values, policy.Text{Value: org + tail})
	}
	c := compileCondition(written, "", false, policy.OwnValues{})
	return &c
}
