package source

import (
	"slices"
	"testing"
)

func TestSuppressions(t *testing.T) {
	text := `# keypolicy:ignore rule-a until=2027-01-31 ticket SEC-1
a: 1 # keypolicy:ignore rule-b,rule-c two rules

  # keypolicy:ignore rule-d is above

  # another comment
b: "x # keypolicy:ignore no string"
c: | # keypolicy:ignore rule-e on the indicator
  # keypolicy:ignore no block
d: it's#keypolicy:ignore no
e: plain
   # keypolicy:ignore rule-f
---
f: [ä, # keypolicy:ignore
  b]
#  keypolicy:ignored no
# keypolicy:ignore last, rule
`
	f, found := Load("a.yaml", []byte(text), DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	want := []Suppression{
		{Rules: []string{"rule-a"}, Until: "2027-01-31", Reason: "ticket SEC-1", Line: 2},
		{Rules: []string{"rule-b", "rule-c"}, Reason: "two rules", Line: 2},
		{Rules: []string{"rule-d"}, Reason: "is above", Line: 7},
		{Rules: []string{"rule-e"}, Reason: "on the indicator", Line: 8},
		{Rules: []string{"rule-f"}, Line: 13},
		{Line: 14},
		{Rules: []string{"last", "rule"}, Line: 18},
	}
	documents := []int{0, 0, 0, 0, 0, 1, 1}
	cuts := []string{"# keypolicy:ignore rule-a until=2027-01-31 ticket SEC-1", "# keypolicy:ignore rule-b,rule-c two rules", "# keypolicy:ignore rule-d is above", "# keypolicy:ignore rule-e on the indicator", "# keypolicy:ignore rule-f", "# keypolicy:ignore", "# keypolicy:ignore last, rule"}
	if len(f.Suppressions) != len(want) {
		t.Fatalf("got %+v", f.Suppressions)
	}
	for i, s := range f.Suppressions {
		w := want[i]
		if !slices.Equal(s.Rules, w.Rules) || s.Until != w.Until || s.Reason != w.Reason || s.Line != w.Line {
			t.Errorf("%d: got %+v", i, s)
		}
		for j, rule := range s.Rules {
			if got := cut(f, s.Places[j]); got != rule {
				t.Errorf("%d: the rule %s is at %q", i, rule, got)
			}
		}
		if s.Place.Document != documents[i] || cut(f, s.Place) != cuts[i] {
			t.Errorf("%d: at %q in document %d", i, cut(f, s.Place), s.Place.Document)
		}
	}
}

func TestSuppressionsAreReadWithCRLF(t *testing.T) {
	f, _ := Load("a.yaml", []byte("# keypolicy:ignore r why\r\na: 1\r\n"), DefaultLimits)
	if len(f.Suppressions) != 1 || f.Suppressions[0].Reason != "why" || f.Suppressions[0].Line != 2 {
		t.Errorf("got %+v", f.Suppressions)
	}
}

func TestJSONHasNoSuppressions(t *testing.T) {
	f, _ := Load("a.json", []byte(`{"a": "# keypolicy:ignore r why"}`), DefaultLimits)
	if len(f.Suppressions) > 0 {
		t.Errorf("got %+v", f.Suppressions)
	}
}
