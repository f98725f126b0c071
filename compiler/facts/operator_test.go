package facts

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestOperators(t *testing.T) {
	all := Operators()
	if len(all) != 27 {
		t.Errorf("got %d operators, want 27", len(all))
	}
	families := slices.Sorted(maps.Keys(operatorFile().Families))
	for _, o := range all {
		if !slices.Contains(families, o.Family) {
			t.Errorf("%s has the family %q", o.Name, o.Family)
		}
		if o.Name == "Null" {
			continue
		}
		if o.IfExistsForm != o.Name+"IfExists" || !o.SetOperators {
			t.Errorf("got %+v", o)
		}
		if o.AbsentKey != o.Negated || !o.AbsentKeyIfExists || !o.AbsentKeyForAllValues || o.AbsentKeyForAnyValue {
			t.Errorf("%s answers wrongly when the key is absent", o.Name)
		}
		if o.Negated != strings.Contains(o.Name, "Not") {
			t.Errorf("%s: negated %v", o.Name, o.Negated)
		}
		if o.Inverse != "" {
			inverse, ok := operatorIndex()[strings.ToLower(o.Inverse)]
			if !ok || inverse.Inverse != o.Name || inverse.Family != o.Family {
				t.Errorf("%s has the inverse %q, which has %q", o.Name, o.Inverse, inverse.Inverse)
			}
		}
	}
	for _, s := range operatorFile().SetOperators {
		if s.Name != ForAllValues && s.Name != ForAnyValue || s.AbsentKey != (s.Name == ForAllValues) {
			t.Errorf("got the set operator %+v", s)
		}
	}
	if len(operatorFile().SetOperators) != 2 || len(families) != 8 {
		t.Errorf("got %d set operators and %d families, want 2 and 8", len(operatorFile().SetOperators), len(families))
	}
}

func TestParseOperator(t *testing.T) {
	tests := []struct {
		text, set, base string
		ifExists        bool
		ok              bool
		miscased        bool
	}{
		{"StringEquals", "", "StringEquals", false, true, false},
		{"StringNotLikeIfExists", "", "StringNotLike", true, true, false},
		{"ForAnyValue:StringLike", ForAnyValue, "StringLike", false, true, false},
		{"ForAllValues:StringNotLikeIfExists", ForAllValues, "StringNotLike", true, true, false},
		{"Null", "", "Null", false, true, false},
		{"ForAnyValue:Null", ForAnyValue, "Null", false, true, false},
		{"stringequals", "", "StringEquals", false, false, true},
		{"StringEqualsifexists", "", "StringEquals", true, false, true},
		{"forAnyValue:StringEquals", ForAnyValue, "StringEquals", false, false, true},
		{"NullIfExists", "", "", false, false, false},
		{"IfExists", "", "", false, false, false},
		{"ForSomeValue:StringEquals", "", "", false, false, false},
		{"ForAnyValue:", "", "", false, false, false},
		{"ForAnyValue:StringMatches", "", "", false, false, false},
		{"StringEqualsIfExistsIfExists", "", "", false, false, false},
		{"StringEquals:ForAnyValue", "", "", false, false, false},
		{" StringEquals", "", "", false, false, false},
		{"", "", "", false, false, false},
	}
	for _, tt := range tests {
		got, ok := ParseOperator(tt.text)
		if ok != tt.ok || got.Miscased != tt.miscased || got.Set != tt.set || got.Base.Name != tt.base || got.IfExists != tt.ifExists {
			t.Errorf("ParseOperator(%q) = %q %q %v miscased %v, %v", tt.text, got.Set, got.Base.Name, got.IfExists, got.Miscased, ok)
		}
		if (ok || got.Miscased) && !strings.EqualFold(got.Name(), tt.text) || ok && got.Name() != tt.text {
			t.Errorf("%q comes back as %q", tt.text, got.Name())
		}
	}
}

func TestPolicyGrammar(t *testing.T) {
	g := PolicyGrammar()
	if !slices.Equal(g.Elements, []string{"Version", "Id", "Statement"}) ||
		!slices.Equal(g.RequiredElements, []string{"Statement"}) ||
		!slices.Equal(g.Effects, []string{"Allow", "Deny"}) ||
		!slices.Equal(g.PrincipalTypes, []string{"AWS", "Federated", "Service", "CanonicalUser"}) ||
		len(g.ExclusivePairs) != 3 {
		t.Errorf("got %+v", g)
	}
	for _, e := range slices.Concat(slices.Concat(g.ExclusivePairs...), g.RequiredStatementElements) {
		if !slices.Contains(g.StatementElements, e) {
			t.Errorf("%s is not an element of a statement", e)
		}
	}
	current := slices.IndexFunc(g.Versions, func(v Version) bool { return v.Current })
	if current < 0 || g.Versions[current].Value != "2012-10-17" || !g.Versions[current].PolicyVariables {
		t.Errorf("got the versions %+v", g.Versions)
	}
	if g.DefaultVersion != "2008-10-17" {
		t.Errorf("a policy without Version is read as %s", g.DefaultVersion)
	}
}
