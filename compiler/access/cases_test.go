package access

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// wanted is what a case expects; what is nil or empty is not looked at.
type wanted struct {
	Decision       Decision    `json:"decision"`
	Editors        []Editors   `json:"editors"`
	Caller         CallerCheck `json:"caller"`
	RootUser       *bool       `json:"root_user"`
	Durable        *bool       `json:"durable"`
	External       *bool       `json:"external"`
	ConfusedDeputy *bool       `json:"confused_deputy"`
	Statements     []Status    `json:"statements"`
	Added          *bool       `json:"added"`
	Equivalent     *bool       `json:"equivalent"`
	Future         *bool       `json:"future"`
}

type testCase struct {
	Name          string          `json:"name"`
	Why           string          `json:"why"`
	Policy        json.RawMessage `json:"policy"`
	Other         json.RawMessage `json:"other"`
	Request       *Request        `json:"request"`
	Caller        string          `json:"caller"`
	TrustAccounts []string        `json:"trust_accounts"`
	TrustOrgs     []string        `json:"trust_orgs"`
	Want          wanted          `json:"want"`
}

func loadCases(t *testing.T) []testCase {
	t.Helper()
	data, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []testCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func TestCases(t *testing.T) {
	for _, c := range loadCases(t) {
		t.Run(c.Name, func(t *testing.T) { runCase(t, c) })
	}
}

func runCase(t *testing.T, c testCase) {
	doc, env := read(t, string(c.Policy)), testEnv()
	env.Caller, env.TrustAccounts, env.TrustOrgs = c.Caller, c.TrustAccounts, c.TrustOrgs
	if c.Request != nil {
		got, err := Simulate(doc, env, *c.Request)
		if err != nil {
			t.Fatal(err)
		}
		if got.Decision != c.Want.Decision {
			t.Errorf("decision %s, want %s: %s (%v)", got.Decision, c.Want.Decision, c.Why, got.Reasons)
		}
	}
	a := NewAnalysis(doc, env)
	checkLockout(t, a, c)
	if c.Want.External != nil && (len(a.External()) > 0) != *c.Want.External {
		t.Errorf("external %v, want %v: %s", a.External(), *c.Want.External, c.Why)
	}
	if c.Want.ConfusedDeputy != nil && (len(a.ConfusedDeputy()) > 0) != *c.Want.ConfusedDeputy {
		t.Errorf("confused deputy %v, want %v: %s", a.ConfusedDeputy(), *c.Want.ConfusedDeputy, c.Why)
	}
	if c.Want.Statements != nil {
		for i, st := range a.Statements() {
			if st.Status != c.Want.Statements[i] {
				t.Errorf("statement %d is %s (%s), want %s: %s", i, st.Status, st.Why, c.Want.Statements[i], c.Why)
			}
		}
	}
	if c.Other != nil {
		checkDiff(t, c, Diff(doc, read(t, string(c.Other)), env, env))
	}
	if u := a.Unknown(); len(u) > 0 && c.Want.Decision != Undecided {
		t.Errorf("unknown: %v", u)
	}
}

func checkLockout(t *testing.T, a *Analysis, c testCase) {
	t.Helper()
	if c.Want.Editors == nil {
		return
	}
	l := a.Lockout()
	if !slices.Contains(c.Want.Editors, l.Editors) {
		t.Errorf("editors %s, want %v: %s", l.Editors, c.Want.Editors, c.Why)
	}
	if c.Want.Caller != "" && l.Caller != c.Want.Caller {
		t.Errorf("caller %s, want %s: %s", l.Caller, c.Want.Caller, c.Why)
	}
	if c.Want.RootUser != nil && l.RootUser != *c.Want.RootUser {
		t.Errorf("root user %v, want %v: %s", l.RootUser, *c.Want.RootUser, c.Why)
	}
	if c.Want.Durable != nil && l.Durable != *c.Want.Durable {
		t.Errorf("durable %v, want %v: %s", l.Durable, *c.Want.Durable, c.Why)
	}
}

func checkDiff(t *testing.T, c testCase, d *Difference) {
	t.Helper()
	if c.Want.Added != nil && (len(d.Added) > 0) != *c.Want.Added {
		t.Errorf("added %v, want %v: %s", d.Added, *c.Want.Added, c.Why)
	}
	if c.Want.Equivalent != nil && d.Equivalent != *c.Want.Equivalent {
		t.Errorf("equivalent %v, want %v: %s (%+v)", d.Equivalent, *c.Want.Equivalent, c.Why, d)
	}
	if c.Want.Future != nil && (len(d.Future) > 0) != *c.Want.Future {
		t.Errorf("future %v, want %v: %s", d.Future, *c.Want.Future, c.Why)
	}
	if len(d.Unknown) > 0 {
		t.Errorf("unknown: %v", d.Unknown)
	}
}
