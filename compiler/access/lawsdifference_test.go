package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLawAllowTakesNothingAndDenyGivesNothing(t *testing.T) {
	eachSmall(t, 16, func(t *testing.T, s *small, list []lawStatement) {
		st := s.statement()
		more := diffOf(t, list, append(clone(list), st))
		if st["Effect"] == "Allow" && len(more.Removed) > 0 || st["Effect"] == "Deny" && len(more.Added) > 0 {
			t.Errorf("%s with %s: %+v", st["Effect"], mustJSON(st), more)
		}
	})
}

func TestLawDifferenceTurnsRound(t *testing.T) {
	eachSmall(t, 17, func(t *testing.T, s *small, list []lawStatement) {
		other := slices.Concat(clone(list)[:s.IntN(len(list))], []lawStatement{s.statement()})
		there, back := diffOf(t, list, other), diffOf(t, other, list)
		flat := func(changes []Change, turned bool) string {
			var texts []string
			for _, c := range changes {
				if turned {
					c.Decision, c.Was = c.Was, c.Decision
				}
				for _, a := range c.Actions {
					texts = append(texts, fmt.Sprint(a, c.Was, c.Decision))
				}
			}
			slices.Sort(texts)
			return strings.Join(slices.Compact(texts), "\n")
		}
		if a, b := flat(there.Added, false), flat(back.Removed, true); a != b {
			t.Errorf("added\n%s\nthe other way round removed\n%s", a, b)
		}
		if there.Equivalent != back.Equivalent || there.Equivalent != (len(there.Added)+len(there.Removed)+len(there.Unknown) == 0) {
			t.Errorf("equivalent %v, the other way round %v: %+v", there.Equivalent, back.Equivalent, there)
		}
	})
}

func TestLawStatusOfStatements(t *testing.T) {
	eachSmall(t, 18, func(t *testing.T, _ *small, list []lawStatement) {
		report := Analyze(read(t, documentOf(list)), testEnv())
		var needed []lawStatement
		for i, st := range report.Statements {
			without := slices.Delete(clone(list), i, i+1)
			d := diffOf(t, list, without)
			silent := len(d.Added)+len(d.Removed) == 0 && len(d.Unknown) == 0
			switch st.Status {
			case Redundant, NeverMatches, Shadowed:
				if len(d.Added)+len(d.Removed) > 0 {
					t.Errorf("statement %d is %s, and without it: %+v", i, st.Status, d)
				}
			case GrantsOnly:
				if silent || slices.ContainsFunc(d.Added, func(c Change) bool { return getsIn(c.Decision) }) {
					t.Errorf("statement %d is %s, and without it: %+v", i, st.Status, d)
				}
			case Live:
				after := slices.ContainsFunc(report.Statements[i+1:], func(o StatementReport) bool { return o.Status == Redundant })
				if silent && len(d.Future) == 0 && !after {
					t.Errorf("statement %d is live, and without it nothing differs", i)
				}
			case StatusUnknown:
			}
			if st.Status != Redundant {
				needed = append(needed, list[i])
			}
		}
		if len(needed) > 0 {
			same(t, list, needed)
		}
	})
}

// TestLawLevels holds the four decisions against what each level is for.
func TestLawLevels(t *testing.T) {
	eachSmall(t, 21, func(t *testing.T, s *small, list []lawStatement) {
		m := newModel(read(t, documentOf(list)), testEnv(), testAccount)
		for _, r := range s.requests(m, lookedAt(m)) {
			v := m.evaluate(r)
			deny, byItself, withPolicy := false, false, false
			for i := range m.statements {
				st := &m.statements[i]
				deny = deny || st.deny && m.match(st, r, delegated) == yes
				got, _ := m.effect(direct, r)
				byItself = byItself || st.allow && got == direct && m.match(st, r, direct) == yes
				withPolicy = withPolicy || st.allow && got != none && m.match(st, r, delegated) == yes
			}
			want := ImplicitDeny
			switch {
			case deny:
				want = ExplicitDeny
			case byItself:
				want = Allowed
			case withPolicy:
				want = NeedsIdentityPolicy
			}
			if v.decision != want && v.decision != Undecided {
				t.Errorf("%s, want %s: %+v", v.decision, want, *r)
				return
			}
			if v.decision != Undecided && v.decision != ImplicitDeny && len(v.statements) == 0 {
				t.Errorf("%s by no statement: %+v", v.decision, *r)
				return
			}
		}
	})
}
