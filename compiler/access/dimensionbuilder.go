package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// dimensionBuilder collects what is asked of a key before its classes are chosen.
type dimensionBuilder struct {
	key    conditionKey
	conds  []*condition   // those without variables
	linked []string       // keys whose values it is compared with
	extra  []string       // values that it must be able to have
	apart  []glob.Pattern // what another key asks of its values
	bounds []float64      // what the question asks of its values
	filled []string       // see filledARNs

	domains []glob.Pattern // what its values can be for one kind of caller or another, where they depend on it

	known  []string       // values that the questions distinguish from others
	splits []glob.Pattern // what the questions, or templates, distinguish beside the conditions
	per    int            // how many values represent each class, 0 for one and one for each linked key
	empty  bool           // templates distinguish the empty text from others
}

// distinguishesAbsence reports whether a condition distinguishes a request without the key from one with its only value.
func (b *dimensionBuilder) distinguishesAbsence() bool {
	d := &dimension{key: b.key, conds: b.conds, classes: []class{{}, {values: b.key.values}}}
	return len(b.linked) > 0 || d.distinguishesAbsence()
}

// build chooses the classes. ids are the values of a key that this key's must agree with, nil where there is none.
// Keys with a closed list of values (kms:KeySpec, Booleans) have a class for each: a report names them, and AWS's
// list is short. All others are searched for texts that the conditions distinguish.
func (b *dimensionBuilder) build(s *space, ids []string, limit int) *dimension {
	d := &dimension{key: b.key, conds: b.conds, apart: b.apart, exact: true, classes: []class{{}}, namer: newNamer(b.conds), s: s}
	for _, c := range b.conds {
		d.cost += 2 * c.steps() // the conditions, and what the questions ask of the same values
	}
	m := s.models[0]
	s.tellApart(b)
	asked := s.asked(d)
	var singles []class
	switch {
	case m.pinned(b.key.lower) != "":
		singles = []class{{values: []string{m.pinned(b.key.lower)}}}
	case b.key.values != nil:
		for _, v := range b.key.values {
			singles = append(singles, class{values: []string{v}})
		}
	default:
		singles = b.singles(s, d, ids, limit)
	}
	if len(b.linked) == 0 && b.key.values == nil {
		singles = dedupe(d, singles, asked)
	}
	if b.key.multi {
		singles = b.closure(d, singles, asked, limit)
	}
	d.classes = append(d.classes, singles...)
	return d
}

// singles finds one value for every way in which the conditions can turn out on one value.
// A key can be compared in two ways, as aws:SourceIp by StringLike and by IpAddress. Representatives are then
// found for each way by itself, and not for their combinations, so the dimension is not exact.
func (b *dimensionBuilder) singles(s *space, d *dimension, ids []string, limit int) []class {
	families := map[family]bool{}
	for _, c := range b.conds {
		switch c.op.family {
		case familyARN:
			families[familyString] = true
		case familyNumeric:
			families[familyDate] = true
		case familyString, familyDate, familyIP:
			families[c.op.family] = true
		case familyBool: // of a tag, as a Bool key has its values listed
			families[familyString] = true
		case familyUnknown, familyNull, familyBinary:
		}
	}
	var values []string
	if families[familyDate] {
		values = append(values, b.numbers()...)
	}
	if families[familyIP] {
		values = append(values, b.addresses()...)
	}
	if len(families) > 1 {
		d.exact = false
	}
	// An operator for another type makes no number and no address of a text.
	text := b.key.typ == "String" || b.key.typ == "ARN"
	if text {
		domain := s.models[0].domainOf(b.key)
		values = slices.DeleteFunc(values, func(v string) bool { return !domain.Match(v) })
	}
	var classes []class
	for _, v := range append(values, b.extra...) {
		classes = append(classes, class{values: []string{v}, tag: b.past(v)})
	}
	if families[familyString] || text || len(values) == 0 {
		classes = append(classes, b.strings(s, d, ids, limit)...)
	}
	return classes
}

// A key without conditions on its text still needs one value, for the requests in which it is present; the
// examples are of the documentation ranges, so that a witness names no real network.
func (b *dimensionBuilder) strings(s *space, d *dimension, ids []string, limit int) []class {
	switch b.key.typ {
	case "Numeric":
		return []class{{values: []string{"30"}}}
	case "Date":
		return []class{{values: []string{"2030-01-01T00:00:00Z"}}}
	case "IP":
		return []class{{values: []string{"198.51.100.1"}}}
	}
	var literals []string
	var patterns []glob.Pattern
	var groups []int // the condition that each is of
	for at, c := range b.conds {
		for i := range c.values {
			v := &c.values[i]
			switch {
			case v.open && v.could != nil:
				patterns, groups = append(patterns, v.could), append(groups, at)
			case v.bad || c.op.family == familyNull:
			case c.op.family == familyBool:
				literals = append(literals, v.text)
				patterns, groups = append(patterns, glob.Fold(v.text)), append(groups, at)
			case v.plain:
				literals = append(literals, v.text)
			case v.pat != nil:
				if text, ok := v.pat.Literal(); ok {
					literals = append(literals, text)
				} else {
					patterns, groups = append(patterns, v.pat), append(groups, at)
				}
			}
		}
	}
	literals = slices.Concat(literals, b.extra, b.known)
	slices.Sort(literals) // in whatever order the policy has them
	for _, p := range b.apart {
		if _, literal := p.Literal(); !literal {
			patterns, groups = append(patterns, p), append(groups, len(b.conds)+len(groups))
		}
	}
	for _, p := range b.splits {
		patterns, groups = append(patterns, p), append(groups, len(b.conds)+len(groups))
	}
	per := 1
	switch {
	case b.per > 0:
		per = b.per
	case len(b.linked) > 0:
		per = 1 + len(b.linked)
	}
	var classes []class
	add := func(domain glob.Pattern, tag string) {
		search := glob.Search{Limit: limit, Meter: s.meter}
		var meeting []glob.Pattern
		for i, p := range patterns {
			s.meter.Take(16 * (len(p) + len(domain)))
			if tag == "" || glob.Intersect(p, domain) {
				meeting, search.Groups = append(meeting, p), append(search.Groups, groups[i])
			}
		}
		list, exact := withoutMisplaced(rolePrefix(), meeting, b.misplaced, func(patterns []glob.Pattern) ([]string, bool) {
			of := search
			for i := len(meeting); i < len(patterns); i++ {
				of.Groups = append(slices.Clip(of.Groups), -i)
			}
			return of.Representatives(domain, literals, patterns, per)
		})
		d.exact = d.exact && exact
		fresh := slices.IndexFunc(list, func(text string) bool { return !slices.Contains(literals, text) })
		if fresh < 0 {
			fresh = len(list)
		}
		for _, text := range slices.Concat(list[:fresh], b.lifelike(s, domain, patterns), list[fresh:]) {
			classes = append(classes, class{values: []string{text}, tag: tag})
		}
	}
	for _, domain := range b.domains {
		add(domain, fmt.Sprint(domain))
	}
	if b.domains != nil {
		return classes
	}
	if ids == nil {
		add(s.models[0].domainOf(b.key), "")
		return append(classes, b.empties()...)
	}
	for _, c := range couples() {
		if c.long != b.key.lower {
			continue
		}
		for _, id := range ids {
			add(c.domain(id), id)
		}
		if c.long == keySourceARN {
			add(arnDomain([]glob.Token{}), "") // S3's buckets, for example, have no account in their ARN
		}
	}
	return classes
}

// closure adds the sets of several values: conditions with ForAllValues hold where they do for each, those with
// ForAnyValue where they do for one.
// A set of values matters only by which outcomes its members have: ForAllValues is a conjunction over members and
// ForAnyValue a disjunction, so sets differ by the union of what their members are. Unions are added until
// nothing new comes, which is at most one set for each combination of outcomes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (b *dimensionBuilder) closure(d *dimension, singles []class, asked func(values []string) string, limit int) []class {
	seen := map[string]bool{}
	var all []class
	loose := b.loosen(d, singles)
	add := func(a class) {
		if loose != nil && !a.loose && a.tag == loose.tag && d.outcomes(a.values) == d.outcomes(loose.values) && asked(a.values) == asked(loose.values) {
			return // it represents this one too
		}
		key := d.outcomes(a.values) + d.marks(a.values) + asked(a.values) + a.tag
		if len(b.linked) > 0 {
			key += "\x00" + b.linkMarks(a.values)
		}
		if !seen[key] {
			seen[key] = true
			all = append(all, a)
		}
	}
	for _, a := range singles {
		add(a)
	}
	for i := 0; i < len(all); i++ { //nolint:intrange // all grows while it is walked
		for _, s := range singles {
			if len(all) >= limit {
				d.exact = false
				return all
			}
			if s.tag == all[i].tag && !slices.Contains(all[i].values, s.values[0]) {
				union := append(slices.Clone(all[i].values), s.values[0])
				add(class{values: union, tag: s.tag})
			}
		}
	}
	return all
}

// loosen makes one class of all sets that meet no condition, and returns it; nil where a condition distinguishes such sets.
// The names of an encryption context distinguish sets by which pairs there are. With fifty pairs those are more sets
// than can be, while only a few of them meet a condition such as ForAllValues:StringEquals ["app", "env"]: its
// subsets. A set with a name in it that no condition takes meets none, whatever else is in it, so one class
// represents them all, and any pairs can go with it.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context-keys
func (b *dimensionBuilder) loosen(d *dimension, singles []class) *class {
	if b.key.lower != keyEncryptionKeys || len(b.linked) > 0 {
		return nil
	}
	for _, c := range b.conds {
		if c.op.family != familyNull && (c.op.set != forAllValues || c.op.negated || c.open) {
			return nil
		}
	}
	for i := range singles {
		a := &singles[i]
		named := slices.ContainsFunc(d.apart, func(p glob.Pattern) bool { return p.Match(a.values[0]) })
		if !named && !slices.ContainsFunc(b.conds, func(c *condition) bool { return c.op.family != familyNull && c.evalValues(a.values, nil) != no }) {
			a.loose = true
			return a
		}
	}
	return nil
}

// linkMarks says which of the values that variables can have a set holds.
func (b *dimensionBuilder) linkMarks(values []string) string {
	v := make([]byte, len(b.extra))
	for i, e := range b.extra {
		if slices.ContainsFunc(values, func(s string) bool { return strings.EqualFold(s, e) }) {
			v[i] = 1
		}
	}
	return string(v)
}
