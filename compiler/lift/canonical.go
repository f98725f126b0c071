package lift

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// canonical writes a statement in one form: without its Sid, a list wherever a list may stand, lists sorted and without
// repeats, an account's principal as its ARN. Two statements that differ only in how they are written are equal in it.
func (l *lifting) canonical(st *policy.Statement) *source.Node {
	n := source.NewMapping(diag.Place{})
	add := func(name string, value *source.Node) { n.Members = append(n.Members, field(name, value)) }
	add("Effect", text(st.Effect.Value))
	for _, element := range []struct {
		name       string
		principals []policy.Principal
	}{{"Principal", st.Principals}, {"NotPrincipal", st.NotPrincipals}} {
		if st.Has(element.name) {
			add(element.name, l.canonicalPrincipals(element.principals))
		}
	}
	for _, element := range []struct {
		name  string
		texts []policy.Text
	}{{"Action", st.Actions}, {"NotAction", st.NotActions}, {"Resource", st.Resources}, {"NotResource", st.NotResources}} {
		if st.Has(element.name) {
			add(element.name, sorted(element.texts))
		}
	}
	if len(st.Conditions) > 0 {
		add("Condition", canonicalConditions(st.Conditions))
	}
	return n
}

func (l *lifting) canonicalPrincipals(principals []policy.Principal) *source.Node {
	byElement := map[string][]policy.Text{}
	for _, p := range principals {
		value := p.Text
		if p.Kind == policy.Account && p.Element == "AWS" && p.Partition == "" {
			value = policy.AccountARN(l.key.Partition, p.Account)
		}
		byElement[p.Element] = append(byElement[p.Element], policy.Text{Value: value})
	}
	n := source.NewMapping(diag.Place{})
	for _, element := range []string{"AWS", "Service", "Federated", "CanonicalUser"} {
		if byElement[element] != nil {
			n.Members = append(n.Members, field(element, sorted(byElement[element])))
		}
	}
	return n
}

func canonicalConditions(conditions []policy.Condition) *source.Node {
	all := slices.Clone(conditions)
	slices.SortStableFunc(all, func(a, b policy.Condition) int {
		if c := strings.Compare(a.Operator.Value, b.Operator.Value); c != 0 {
			return c
		}
		return strings.Compare(a.Key.Value, b.Key.Value)
	})
	n := source.NewMapping(diag.Place{})
	for _, c := range all {
		key := field(c.Key.Value, sorted(c.Values))
		if m := n.Member(c.Operator.Value); m != nil {
			m.Value.Members = append(m.Value.Members, key)
			continue
		}
		n.Members = append(n.Members, field(c.Operator.Value, source.NewMapping(diag.Place{}, key)))
	}
	return n
}

func sorted(texts []policy.Text) *source.Node {
	values := make([]string, len(texts))
	for i, t := range texts {
		values[i] = t.Value
	}
	slices.Sort(values)
	return sequence(slices.Compact(values))
}

func sequence(values []string) *source.Node {
	n := source.NewSequence(diag.Place{})
	for _, v := range values {
		n.Items = append(n.Items, text(v))
	}
	return n
}

// written is a canonical statement as a string, for comparing.
func written(n *source.Node) string {
	return string((&policy.Document{Root: n}).JSON(true))
}

// mentions says whether a string of a document holds a text.
func mentions(n *source.Node, what string) bool {
	if n == nil {
		return false
	}
	for _, item := range n.Items {
		if mentions(item, what) {
			return true
		}
	}
	for _, m := range n.Members {
		if mentions(m.Key, what) || mentions(m.Value, what) {
			return true
		}
	}
	return n.Kind == source.Scalar && strings.Contains(n.Text, what)
}
