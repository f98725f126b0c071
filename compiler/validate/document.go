package validate

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// Document checks what no rule can see: that a policy document is a mapping at all, and holds no null, which
// no element of one may be. All else of its grammar, a Statement without statements among it, is reported by rules, which
// know what could not be read; so nothing is reported twice.
func Document(n *source.Node) diag.List {
	if n == nil {
		return nil
	}
	s := subject{name: "a policy document"}
	if n.Kind != source.Mapping {
		return diag.List{s.finding(fault{value: n}, policyNotAnObject(n, "a policy document is a mapping; this is "))}
	}
	return s.nulls(n)
}

func (s subject) nulls(n *source.Node) diag.List {
	if n.IsNull() {
		return diag.List{s.finding(fault{value: n}, sentence{
			message: "the value is null, which no element of a policy may be", help: "write a value, or remove the field",
		})}
	}
	var found diag.List
	for _, item := range n.Items {
		found = append(found, s.nulls(item)...)
	}
	for _, m := range n.Members {
		found = append(found, s.nulls(m.Value)...)
	}
	return found
}
