package access

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestOperatorsAreThoseOfTheFacts: the engine has a meaning for every operator that AWS documents, and for no other.
func TestOperatorsAreThoseOfTheFacts(t *testing.T) {
	meanings := map[operator]string{}
	for _, base := range facts.Operators() {
		op := parseOperator(base.Name)
		if op.family == familyUnknown || op.negated != base.Negated {
			t.Errorf("%s is read as %+v", base.Name, op)
		}
		if other := meanings[op]; other != "" && base.Family != "Arn" {
			t.Errorf("%s and %s are one", base.Name, other)
		}
		meanings[op] = base.Name
		for _, set := range []string{"", "ForAllValues:", "ForAnyValue:"} {
			ifExists := parseOperator(set + base.Name + "IfExists")
			if known := base.Family != "Null"; (ifExists.family != familyUnknown) != known || ifExists.ifExists != known {
				t.Errorf("%s%sIfExists is read as %+v", set, base.Name, ifExists)
			}
		}
	}
	for _, name := range []string{"", "Equals", "StringEqual", "stringequals", "ArnEqualsIgnoreCase", "NumericLike", "BoolNot", "ForAllValues:Null", "ForSomeValues:StringEquals", "StringEqualsIfExistsIfExists"} {
		if op := parseOperator(name); op.family != familyUnknown {
			t.Errorf("%q is read as %+v", name, op)
		}
	}
}
