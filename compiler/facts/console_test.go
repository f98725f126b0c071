package facts

import (
	"slices"
	"testing"
)

func TestConsoleStatements(t *testing.T) {
	statements := []ConsoleStatement{
		ConsoleRoot(), ConsoleAdministrators().ConsoleStatement, ConsoleGrants(),
	}
	for _, kind := range KeyKinds() {
		s, ok := ConsoleUsers(kind.Name)
		if !ok {
			t.Errorf("keys of the kind %s have no users' statement", kind.Name)
		}
		statements = append(statements, s)
	}
	for _, s := range statements {
		if s.ID == "" || s.Sid == "" || len(s.Actions) == 0 {
			t.Errorf("got %+v", s)
		}
		for _, a := range s.Actions {
			if len(MatchActions(a)) == 0 {
				t.Errorf("%s has the unknown action %s", s.ID, a)
			}
		}
		for _, c := range s.Conditions {
			_, _, known := LookupConditionKey(c.Key)
			if _, ok := ParseOperator(c.Operator); !ok || !known || c.Value == "" {
				t.Errorf("%s has the condition %+v", s.ID, c)
			}
		}
	}
	if _, ok := ConsoleUsers("nothing"); ok {
		t.Error("an unknown kind of key has users")
	}
}

// TestConsoleUsersFitTheirKeys holds that the console gives no action that the kind of key cannot do.
func TestConsoleUsersFitTheirKeys(t *testing.T) {
	for _, kind := range KeyKinds() {
		s, _ := ConsoleUsers(kind.Name)
		for _, pattern := range s.Actions {
			for _, name := range MatchActions(pattern) {
				if a, _ := LookupAction(name); !slices.Contains(a.KeyKinds, kind.Name) {
					t.Errorf("%s works with %v, not with %s", name, a.KeyKinds, kind.Name)
				}
			}
		}
	}
}

func TestConsoleAdministrators(t *testing.T) {
	a := ConsoleAdministrators()
	if a.Sid != "Allow access for Key Administrators" || a.ID != "administrators" {
		t.Errorf("got %+v", a)
	}
	var rest []string
	for _, action := range a.Actions {
		if !slices.Contains(a.DeletionActions, action) {
			rest = append(rest, action)
		}
	}
	if len(a.DeletionActions) != 2 || !slices.Equal(rest, a.ActionsWithoutDeletion) {
		t.Errorf("without %v there is left %v, want %v", a.DeletionActions, rest, a.ActionsWithoutDeletion)
	}
	if got := append(slices.Clone(a.FormerActions), "kms:RotateKeyOnDemand"); !slices.Equal(got, a.Actions) {
		t.Errorf("the actions grew from %v to %v", a.FormerActions, a.Actions)
	}
	if !slices.Equal(a.ImportedKeyMaterialActions, []string{"kms:ImportKeyMaterial"}) ||
		!slices.Equal(a.MultiRegionActions, []string{"kms:ReplicateKey", "kms:UpdatePrimaryRegion"}) {
		t.Errorf("got the additions %v and %v", a.ImportedKeyMaterialActions, a.MultiRegionActions)
	}
}

// TestConsoleAdministratorsDoSomething: AWS adds actions that a pattern of the console takes in, so what it takes in is
// counted nowhere.
func TestConsoleAdministratorsDoSomething(t *testing.T) {
	for _, pattern := range ConsoleAdministrators().Actions {
		if !slices.ContainsFunc(MatchActions(pattern), func(name string) bool {
			a, _ := LookupAction(name)
			return a.EffectiveInKeyPolicy
		}) {
			t.Errorf("%s matches no action that a key policy can allow", pattern)
		}
	}
}

func TestConsoleGrants(t *testing.T) {
	want := []ConsoleCondition{{Operator: "Bool", Key: "kms:GrantIsForAWSResource", Value: "true"}}
	if got := ConsoleGrants(); !slices.Equal(got.Conditions, want) {
		t.Errorf("got %+v", got)
	}
}

func TestPolicyHeaders(t *testing.T) {
	if h := DefaultPolicy(); h.ID != "key-default-1" || h.Version != "2012-10-17" {
		t.Errorf("got %+v", h)
	}
	if h := ConsolePolicy(); h.ID != "key-consolepolicy-3" || h.Version != "2012-10-17" {
		t.Errorf("got %+v", h)
	}
}
