package judge_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
)

func marshal(v any) []byte {
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err)
	}
	return out
}

// positive finds the list of a positive condition of an Allow that names who calls, from where or for whom.
func positive(g *generator, p *rawPolicy) (list func([]string), values []string, found bool) {
	for _, i := range g.Perm(len(p.Statement)) {
		s := &p.Statement[i]
		if s.Effect != "Allow" {
			continue
		}
		for _, op := range []string{"StringLike", "ArnLike", "ArnEquals", "StringLikeIfExists", "ForAnyValue:StringLike"} {
			for key, v := range s.Condition[op] {
				values, ok := v.([]string)
				if !ok {
					values = []string{v.(string)}
				}
				return func(list []string) { s.Condition[op][key] = list }, values, true
			}
		}
	}
	return nil, nil, false
}

// outside is what a report says of those outside, as facts that can be compared one by one.
func outside(text string) (map[string]bool, *access.Report) {
	report := access.Analyze(document(text), environment())
	out := map[string]bool{}
	if report.Public != access.No {
		out["public"] = true
	}
	for _, e := range report.External {
		for _, a := range e.Actions {
			out["external "+e.Principal+" "+a] = true
		}
	}
	for _, d := range report.ConfusedDeputy {
		out["deputy "+d.Service] = true
	}
	return out, report
}

// fewer lists what one report says of those outside and another does not, neither of them nor of more.
func fewer(narrow, wide map[string]bool) []string {
	var out []string
	for fact := range narrow {
		word := strings.Fields(fact)
		covered := wide[fact] || word[0] == "deputy" && wide["public"] || word[0] == "external" && wide["external any account "+word[len(word)-1]]
		if !covered && word[0] == "external" {
			if c, ok := parseCaller(word[1]); ok {
				covered = wide["external "+c.account+" "+word[2]] || wide["external account "+c.account+" "+word[2]] || wide["external arn:aws:iam::"+c.account+":root "+word[2]] ||
					c.kind == session && wide["external "+c.roleARN()+" "+word[2]]
			}
		}
		if part := strings.Split(word[min(1, len(word)-1)], ":"); word[0] == "external" && len(part) == 6 { // a pattern of callers of an account
			covered = covered || wide["external account "+part[4]+" "+word[2]]
			for other := range wide { // a pattern of fewer callers than another one's
				covered = covered || glob(wildcards(other), fact)
			}
		}
		if !covered {
			out = append(out, fact)
		}
	}
	slices.Sort(out)
	return out
}

// TestNarrowBesideWide holds that a value beside one that covers it changes nothing of who is outside, in either order.
func TestNarrowBesideWide(t *testing.T) {
	tried := 0
	for _, seed := range seeds(t, 400) {
		wide := newGenerator(uint64(seed)).policy()
		set, values, ok := positive(newGenerator(uint64(seed)), &wide)
		if !ok {
			continue
		}
		at := slices.IndexFunc(values, func(v string) bool {
			return strings.Contains(v, "*") && !strings.Contains(v, "${") && len(strings.SplitN(v, ":", 6)) != 5
		})
		if at < 0 {
			continue
		}
		tried++
		star := values[at]
		narrow := strings.NewReplacer("*", "x1", "?", "y").Replace(star)
		set(append(slices.Clone(values), narrow))
		last := wide.clone()
		set(append([]string{narrow}, values...))
		first := wide.clone()
		set(values)
		want, _ := outside(wide.text())
		for _, p := range []rawPolicy{first, last} {
			got, _ := outside(p.text())
			if a, b := fewer(want, got), fewer(got, want); len(a)+len(b) > 0 {
				t.Errorf("seed %d: beside %q %q is lost %v, new %v\n%s\n%s", seed, star, narrow, a, b, wide.text(), p.text())
				break
			}
		}
	}
	t.Logf("%d policies", tried)
}

// looksAtSources reports whether a condition of the statement asks for whom a call is made.
func (s rawStatement) looksAtSources() bool {
	for _, block := range s.Condition {
		for key := range block {
			if strings.HasPrefix(key, "aws:Source") {
				return true
			}
		}
	}
	return false
}

// TestWiderAllow holds that an Allow that allows more never has fewer outsiders.
func TestWiderAllow(t *testing.T) {
	for _, seed := range append(seeds(t, 300), 1347, 1891, 2351, 9301017) {
		g := newGenerator(uint64(seed))
		drawn := g.policy()
		for i := range drawn.Statement {
			p := drawn.clone()
			if p.Statement[i].Effect != "Allow" {
				continue
			}
			p.Statement[i].Sid = "wider"
			widen := func(p rawPolicy) rawPolicy {
				q := p.clone()
				i := slices.IndexFunc(q.Statement, func(s rawStatement) bool { return s.Sid == "wider" })
				if i < 0 {
					return q
				}
				g := newGenerator(uint64(seed))
				s := &q.Statement[i]
				switch g.IntN(3) {
				case 0:
					s.Condition = nil
				case 1: // who is named is an outsider even with a source that the policy names, which vouches for strangers
					if m, ok := s.Principal.(map[string][]string); ok && !s.looksAtSources() {
						m["AWS"] = []string{"*"}
					}
				case 2:
					if set, values, ok := positive(g, &rawPolicy{Statement: q.Statement[i : i+1]}); ok {
						set(append(slices.Clone(values), "*"))
					}
				}
				return q
			}
			fails := func(p rawPolicy, _ *rawPolicy) bool {
				a, _ := outside(p.text())
				b, report := outside(widen(p).text())
				return len(report.Unknown) == 0 && len(fewer(a, b)) > 0
			}
			if !fails(p, nil) {
				continue
			}
			small, _ := shrink(p, nil, fails)
			a, _ := outside(small.text())
			b, _ := outside(widen(small).text())
			t.Errorf("seed %d: wider, and lost %v\n%s\n%s", seed, fewer(a, b), small.text(), widen(small).text())
			break
		}
	}
}
