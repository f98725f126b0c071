package access

import (
	"slices"
	"strings"
)

// The words for values of a key that are no values of it.
const (
	wordAbsent  = "(absent)"
	wordPresent = "(present)"
	wordNot     = "not "
)

// named is a set of atoms that has a name in the policy.
type named struct {
	text string
	set  bitset
}

// describe names a set of atoms as the policies do: by values and patterns, or by those that are left out.
func (d *dimension) describe(set, can bitset) []string {
	here, all := set.and(d.present()), can.and(d.present())
	absent := set.has(0) && can.has(0)
	list := d.describePresent(here, all)
	if absent {
		list = append(list, wordAbsent)
	}
	return list
}

func (d *dimension) describePresent(here, all bitset) []string {
	switch {
	case here.empty():
		return nil
	case all.within(here):
		return []string{wordPresent}
	}
	d.s.meter.take(len(d.atoms) * d.cost)
	basis := d.basis(all)
	if list, ok := cover(basis, here); ok {
		return list
	}
	rest := all.minus(here, len(d.atoms))
	if list, ok := cover(basis, rest); ok {
		for i := range list {
			list[i] = wordNot + list[i]
		}
		return list
	}
	var list []string
	for i, a := range d.atoms {
		if text := strings.Join(a.values, " and "); a.values != nil && here.has(i) && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// cover names a set as the union of as few named sets as it easily can.
func cover(basis []named, want bitset) ([]string, bool) {
	var in []named
	union := make(bitset, len(want))
	for _, n := range basis {
		if !n.set.empty() && n.set.within(want) {
			in = append(in, n)
			union = union.or(n.set)
		}
	}
	if !want.within(union) {
		return nil, false
	}
	var list []string
	for i, n := range in {
		covered := slices.ContainsFunc(in, func(o named) bool { return n.set.within(o.set) && !o.set.within(n.set) })
		covered = covered || slices.ContainsFunc(in[:i], func(o named) bool { return n.set.equal(o.set) })
		if !covered && !slices.Contains(list, n.text) {
			list = append(list, n.text)
		}
	}
	slices.Sort(list)
	return list, true
}

// basis are the sets that the conditions on the key name.
func (d *dimension) basis(all bitset) []named {
	var list []named
	if d.key.values != nil && !d.key.multi {
		for i, a := range d.atoms {
			if a.values != nil {
				one := newBits(len(d.atoms))
				one.add(i)
				list = append(list, named{a.values[0], one.and(all)})
			}
		}
		return list
	}
	for _, c := range d.conds {
		if c.op.family == familyNull || c.op.family == familyUnknown {
			continue
		}
		if d.key.multi {
			list = append(list, named{setWords(c), d.where(func(a atom) bool { return a.values != nil && c.evalValues(a.values, nil) == yes }).and(all)})
			continue
		}
		for _, v := range c.values {
			one := *c
			one.values, one.op.negated, one.op.ifExists, one.op.set = []value{v}, false, false, plain
			list = append(list, named{comparisonWord(c.op) + v.text, d.where(func(a atom) bool { return a.values != nil && one.evalOne(a.values[0], nil) == yes }).and(all)})
		}
	}
	return list
}

func setWords(c *condition) string {
	var texts []string
	for _, v := range c.values {
		texts = append(texts, v.text)
	}
	what := map[setOperator]string{forAllValues: "only ", forAnyValue: "one of ", plain: ""}[c.op.set]
	if c.op.negated {
		what = map[setOperator]string{forAllValues: "none of ", forAnyValue: "one besides ", plain: "none of "}[c.op.set]
	}
	return what + strings.Join(texts, ", ")
}

func comparisonWord(op operator) string {
	switch op.compare {
	case compareLess:
		return "< "
	case compareLessEquals:
		return "<= "
	case compareGreater:
		return "> "
	case compareGreaterEquals:
		return ">= "
	case compareEquals, compareFold, compareLike:
	}
	return ""
}

// phrase says in words what a key's values must be.
func phrase(k conditionKey, values []string) string {
	var is, not []string
	absent := false
	for _, v := range values {
		rest, negated := strings.CutPrefix(v, wordNot)
		switch {
		case v == wordAbsent:
			absent = true
		case negated:
			not = append(not, shortValue(k, rest))
		default:
			is = append(is, shortValue(k, v))
		}
	}
	with, without := prepositions(k)
	switch {
	case len(is) == 0 && len(not) == 0:
		return "only without " + k.name
	case len(not) > 0:
		return "not " + with + orList(not)
	case slices.Equal(is, []string{wordPresent}):
		return "only with " + k.name
	case k.typ == "Bool" && len(is) == 1 && is[0] == "true" && without != "":
		return "only " + without + orAbsent(absent, k)
	}
	return "only " + with + orList(is) + orAbsent(absent, k)
}

func orAbsent(absent bool, k conditionKey) string {
	if !absent {
		return ""
	}
	if k.lower == "kms:viaservice" {
		return " or directly"
	}
	return " or without " + k.name
}

func orList(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

func shortValue(k conditionKey, v string) string {
	if k.lower == "kms:viaservice" {
		return strings.TrimSuffix(v, ".amazonaws.com")
	}
	return v
}

// prepositions give what stands before a key's values, and for a Bool key what stands for its being true.
func prepositions(k conditionKey) (with, whenTrue string) {
	switch k.lower {
	case "kms:viaservice":
		return "through ", ""
	case "aws:sourceip", "aws:vpcsourceip":
		return "from ", ""
	case "aws:sourcevpc":
		return "from VPC ", ""
	case "aws:sourcevpce":
		return "through VPC endpoint ", ""
	case "aws:principalorgid":
		return "from organization ", ""
	case "aws:sourceaccount":
		return "for account ", ""
	case "aws:sourcearn":
		return "for ", ""
	case "aws:currenttime":
		return "at a time ", ""
	case "aws:multifactorauthpresent":
		return "with " + k.name + " ", "with MFA"
	case "kms:grantisforawsresource":
		return "with " + k.name + " ", "for AWS resources"
	}
	if name, ok := strings.CutPrefix(k.name, "kms:EncryptionContext:"); ok {
		return "with encryption context " + name + "=", ""
	}
	return "with " + k.name + " ", ""
}
