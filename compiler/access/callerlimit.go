package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// callerLimits says which of the callers whom a row's principal takes in are meant: any of some constraints on the keys that follow
// from who the caller is. Without others than those there is nothing to say, and there are none.
// A principal is one pattern, and a statement can ask for several: of those whom `role/*b` names, only those that are `role/a*` too.
func (s *space) callerLimits(meant, others []int) []map[string]Constraint {
	if len(others) == 0 {
		return nil
	}
	want, can := boxes.NewSet(len(s.callers)), boxes.NewSet(len(s.callers))
	for _, i := range meant {
		want.Add(i)
		can.Add(i)
	}
	for _, i := range others {
		can.Add(i)
	}
	list, ok := terms(s.callerFacts(), want, can)
	if !ok {
		return []map[string]Constraint{{s.keyName(keyPrincipalARN): {Comparison: Comparison{"", []string{}}}}}
	}
	var out []map[string]Constraint
	for _, t := range list {
		asked := map[string][]Comparison{}
		for _, f := range t.facts {
			asked[f.cond.key.name] = append(asked[f.cond.key.name], f.comparison())
		}
		entry := map[string]Constraint{}
		for name, all := range asked {
			absent := slices.ContainsFunc(t.set.Members(len(s.callers)), func(i int) bool { return len(callerValues(s.callers[i], strings.ToLower(name))) == 0 })
			entry[name] = constrain(all, absent)
		}
		out = append(out, entry)
	}
	return out
}

// callerFacts are what conditions on keys of the caller say of callers.
func (s *space) callerFacts() []*fact {
	if s.callersSaid != nil {
		return s.callersSaid
	}
	list := []*fact{}
	seen := map[string]bool{}
	s.conditions(func(_ *model, _ *statement, c *condition) {
		if facts.KeySays(c.key.lower) == facts.CallerIsService || !isCallerKey(c.key.lower) || len(c.variableNames()) > 0 || c.op.family == familyNull || c.op.family == familyUnknown {
			return
		}
		said := c.comparison(false)
		if id := c.key.lower + "\x00" + said.Operator + "\x00" + strings.Join(said.Values, "\x00"); !seen[id] {
			seen[id] = true
			s.meter.Take(len(s.callers) * c.steps())
			holds, fails := boxes.NewSet(len(s.callers)), boxes.NewSet(len(s.callers))
			for i := range s.callers {
				switch c.eval(&request{caller: s.callers[i]}) {
				case yes:
					holds.Add(i)
				case no:
					fails.Add(i)
				case maybe:
				}
			}
			list = append(list, &fact{cond: c, key: c.key.lower, set: holds}, &fact{cond: c, key: c.key.lower, contrary: true, set: fails})
		}
	})
	sortFacts(list)
	s.callersSaid = list
	return list
}

// limitedTo are the conditions with constraints on the caller, of which any must hold.
func (c Conditions) limitedTo(limits []map[string]Constraint, kind callerKind) Conditions {
	if len(limits) == 0 {
		return c
	}
	entries := c.AnyOf
	if len(entries) == 0 {
		entries = []map[string]Constraint{{}}
	}
	out := Conditions{AnyOf: multiply(entries, limits)}
	var texts []string
	for _, entry := range out.AnyOf {
		texts = append(texts, sentenceFor(kind, entry))
	}
	out.sort(texts)
	out.said = out.id()
	return out
}

// sessionLimits are those of a row about a session, whose ARN does not show the path of its role.
func (t *table) sessionLimits(callerAt int, row subject, said map[int]wording) []map[string]Constraint {
	meant, others := []int{callerAt}, []int(nil)
	for j := range t.s.callers {
		switch {
		case j == callerAt || !t.reaches[j].asked() || t.s.callers[j].kind != callerSession || t.s.subjectOf(&t.s.callers[j]) != row:
		case len(t.exception(j, said).Actions) > 0:
			others = append(others, j)
		default:
			meant = append(meant, j)
		}
	}
	return t.s.callerLimits(meant, others)
}

// limits are those of a change of callers whom a pattern names: it takes in others too, who do not get as much, or as little, in the
// place of the witness.
func (d *differ) limits(now, was Decision, sub subject, witness *request) []map[string]Constraint {
	of, many := scopeOf(sub)
	if !many || !sub.pattern && d.s.accountPattern(witness.caller.account) == "" || d.s.variesByCaller() {
		return nil
	}
	more := decisionRank(now) > decisionRank(was)
	var meant, others []int
	for i := range d.s.callers {
		c := &d.s.callers[i]
		if !of.takes(c) {
			continue
		}
		d.s.meter.Take(stepRequest * (1 + len(d.new.m.statements)))
		r := *witness
		r.caller = *c
		got := d.new.m.evaluate(&r).decision
		if apart := decisionRank(got) - decisionRank(now); got == Undecided || apart == 0 || apart > 0 == more {
			meant = append(meant, i)
		} else {
			others = append(others, i)
		}
	}
	return d.s.callerLimits(meant, others)
}
