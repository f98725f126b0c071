package uses_test

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
	"github.com/keypolicy/keypolicy/templates"
)

// One set of facts gives the statement and the check: a template has no action that no request needs or that is not said to be idle,
// and no condition on a key that no request has.
func TestTemplatesAndRequestsAreOfOneSet(t *testing.T) {
	eachUse(t, hasTemplate, func(t *testing.T, a uses.Asked) {
		if _, ok := templates.Read(a.Use.Template); !ok {
			t.Fatalf("there is no template %s", a.Use.Template)
		}
		asked, sent := map[string]bool{}, map[string]bool{"kms:calleraccount": true}
		for _, action := range a.Use.Idle {
			asked[action] = true
		}
		for _, r := range a.Use.Requests {
			for _, action := range r.Actions {
				asked[action] = true
			}
			for k := range r.Context {
				sent[strings.ToLower(k)] = true
			}
		}
		given := map[string]bool{}
		for _, st := range read(t, a.Statements(key)...).Statements {
			for _, action := range st.Actions {
				given[action.Value] = true
				if !asked[action.Value] {
					t.Errorf("no request is for %s", action.Value)
				}
			}
			for _, c := range st.Conditions {
				if !sent[strings.ToLower(c.Key.Value)] {
					t.Errorf("no request has %s", c.Key.Value)
				}
			}
		}
		for action := range asked {
			if !given[action] {
				t.Errorf("the template does not give %s", action)
			}
		}
	})
}

// Every use that the facts of services verify is one that can be asked about.
func TestEveryVerifiedServiceIsAUse(t *testing.T) {
	n := 0
	for _, s := range facts.ServiceUses() {
		if s.Verified != "aws_doc" {
			continue
		}
		n++
		if _, ok := facts.LookupUse(s.ID); !ok {
			t.Errorf("%s is not a use", s.ID)
		}
	}
	if n < 29 {
		t.Errorf("%d uses are verified", n)
	}
}

func TestFactsOfUsesAreWhole(t *testing.T) {
	for _, use := range facts.Uses() {
		for _, page := range append([]string{use.Page}, use.Pages...) {
			if !strings.HasPrefix(page, "https://docs.aws.amazon.com/") {
				t.Errorf("%s: the page %q", use.ID, page)
			}
		}
		if use.Name == "" || use.Service == "" || len(use.Requests) == 0 {
			t.Errorf("%s is not whole", use.ID)
		}
		if use.Way == facts.WayGrant && use.Needs == "" {
			t.Errorf("%s does not say who makes the grant", use.ID)
		}
		for _, r := range use.Requests {
			for _, action := range r.Actions {
				if len(facts.MatchActions(action)) == 0 {
					t.Errorf("%s: there is no action %s", use.ID, action)
				}
			}
		}
	}
}
