package validate

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// Document checks that a policy document can be read: that it is a mapping, and its statements are. All else of its
// grammar is told by rules, also that it has no statement.
func Document(n *source.Node) diag.List {
	if n == nil {
		return nil
	}
	s := subject{name: "a policy document"}
	if n.Kind != source.Mapping {
		t := policyNotAnObject(n)
		t.message = "a policy document is a mapping; this is " + kindWords(n)
		return diag.List{s.finding(fault{value: n}, t)}
	}
	var found diag.List
	statements := n.Get("Statement")
	switch {
	case statements == nil || statements.IsNull() || statements.Kind == source.Mapping:
	case statements.Kind == source.Sequence:
		for _, item := range statements.Items {
			if item.Kind != source.Mapping {
				found = append(found, s.finding(fault{value: item}, sentence{
					reason:  "policy-not-an-object",
					message: "an entry of `Statement` is a statement, which is a mapping; this is " + kindWords(item),
					help:    "write a statement with `Effect`, `Principal`, `Action` and `Resource`, or take the entry out",
				}))
			}
		}
	default:
		found = append(found, s.finding(fault{value: statements}, sentence{
			reason:  "policy-not-an-object",
			message: "`Statement` is a list of statements; this is " + kindWords(statements),
			help:    "write the statements as a list of mappings",
		}))
	}
	return found
}
