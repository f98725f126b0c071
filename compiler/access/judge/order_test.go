package judge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// turned is a policy with the values of its conditions in another order.
func turned(p rawPolicy) rawPolicy {
	out := p.clone()
	for _, s := range out.Statement {
		for _, block := range s.Condition {
			for _, v := range block {
				if list, ok := v.([]string); ok {
					slices.Reverse(list)
				}
			}
		}
	}
	return out
}

// TestOrderOfValues holds that the order of values in conditions changes no word of a report.
func TestOrderOfValues(t *testing.T) {
	for _, seed := range seeds(t, 150) {
		p := newGenerator(uint64(seed)).policy()
		differs := func(p rawPolicy, _ *rawPolicy) bool {
			return string(marshal(access.Analyze(document(p.text()), environment()))) != string(marshal(access.Analyze(document(turned(p).text()), environment())))
		}
		if !differs(p, nil) {
			continue
		}
		small, _ := shrink(p, nil, differs)
		_, one := outside(small.text())
		_, other := outside(turned(small).text())
		t.Errorf("seed %d: %s\n%s", seed, small.text(), firstDifference(marshal(one), marshal(other)))
	}
}

// TestOrderOfStatements holds that the order of statements changes nothing but where they are. Which of two equal ones is
// redundant, and which of some requests is the example, is where they are.
func TestOrderOfStatements(t *testing.T) {
	placeless := func(p rawPolicy) string {
		r := access.Analyze(document(p.text()), environment())
		for i := range r.External {
			r.External[i].Statements, r.External[i].Witness = nil, access.Request{}
		}
		for i := range r.Matrix {
			r.Matrix[i].Statements = nil
		}
		for i := range r.ConfusedDeputy {
			r.ConfusedDeputy[i].Statements, r.ConfusedDeputy[i].Witness = nil, access.Request{}
		}
		for i := range r.Unknown {
			r.Unknown[i].Text, r.Unknown[i].About = "", "" // they name a statement
		}
		slices.SortFunc(r.Unknown, func(a, b access.Reason) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
		r.Statements, r.Lockout.Witness = nil, nil
		return string(marshal(r))
	}
	for _, seed := range seeds(t, 150) {
		p := newGenerator(uint64(seed)).policy()
		backwards := func(p rawPolicy) rawPolicy {
			out := p.clone()
			slices.Reverse(out.Statement)
			return out
		}
		differs := func(p rawPolicy, _ *rawPolicy) bool { return placeless(p) != placeless(backwards(p)) }
		if !differs(p, nil) {
			continue
		}
		small, _ := shrink(p, nil, differs)
		t.Errorf("seed %d: %s\n%s", seed, small.text(), firstDifference([]byte(placeless(small)), []byte(placeless(backwards(small)))))
	}
}

// firstDifference shows two texts from shortly before where they part.
func firstDifference(a, b []byte) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	cut := func(text []byte) string { return string(text[max(0, at-300):min(len(text), at+300)]) }
	return cut(a) + "\n---\n" + cut(b)
}
