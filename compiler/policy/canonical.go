package policy

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Canonical writes a statement in one form: without its Sid, a list wherever a list is allowed, lists sorted and without
// repeats, actions in lower case, an account's principal as its ARN in the partition. Two statements that differ only in
// how they are written are equal in it.
func (s *Statement) Canonical(partition string) *source.Node {
	n := source.NewMapping(diag.Place{})
	add := func(name string, value *source.Node) { n.Members = append(n.Members, member(name, value)) }
	add("Effect", source.NewScalar(s.Effect.identity(), diag.Place{}))
	for _, element := range []struct {
		name       string
		principals []Principal
	}{{"Principal", s.Principals}, {"NotPrincipal", s.NotPrincipals}} {
		if s.Has(element.name) {
			add(element.name, canonicalPrincipals(element.principals, partition))
		}
	}
	for _, element := range []struct {
		name  string
		texts []Text
		fold  bool
	}{{"Action", s.Actions, true}, {"NotAction", s.NotActions, true}, {"Resource", s.Resources, false}, {"NotResource", s.NotResources, false}} {
		if s.Has(element.name) {
			add(element.name, canonicalTexts(element.texts, element.fold))
		}
	}
	if len(s.Conditions) > 0 {
		add("Condition", canonicalConditions(s.Conditions))
	}
	for _, more := range s.More {
		add(more.Path[len(s.Path):].Pointer()+"/…", source.NewScalar(symbol.Of(more.Hole).Key(), diag.Place{}))
	}
	return n
}

func canonicalPrincipals(principals []Principal, partition string) *source.Node {
	byElement := map[string][]Text{}
	for _, p := range principals {
		value := p.Text
		if p.Kind == Account && p.Element == "AWS" && p.Partition == "" {
			value = AccountARN(partition, p.Account)
		}
		byElement[p.Element] = append(byElement[p.Element], Text{Value: value, Parts: p.Parts})
	}
	n := source.NewMapping(diag.Place{})
	for _, element := range []string{"AWS", "Service", "Federated", "CanonicalUser", ""} {
		if byElement[element] != nil {
			n.Members = append(n.Members, member(element, canonicalTexts(byElement[element], false)))
		}
	}
	return n
}

func canonicalConditions(conditions []Condition) *source.Node {
	all := slices.Clone(conditions)
	slices.SortStableFunc(all, func(a, b Condition) int {
		if c := strings.Compare(a.Operator.identity(), b.Operator.identity()); c != 0 {
			return c
		}
		return strings.Compare(a.Key.identity(), b.Key.identity())
	})
	n := source.NewMapping(diag.Place{})
	for _, c := range all {
		key := member(c.Key.identity(), canonicalTexts(c.Values, false))
		operator := c.Operator.identity()
		if m := n.Member(operator); m != nil {
			m.Value.Members = append(m.Value.Members, key)
			continue
		}
		n.Members = append(n.Members, member(operator, source.NewMapping(diag.Place{}, key)))
	}
	return n
}

func canonicalTexts(texts []Text, fold bool) *source.Node {
	values := make([]string, len(texts))
	for i, t := range texts {
		values[i] = t.identity()
		if t.Parts != nil {
			continue
		}
		if fold && !strings.Contains(t.Value, "$(") { // a template's reference keeps its name
			values[i] = strings.ToLower(t.Value)
		}
	}
	slices.Sort(values)
	n := source.NewSequence(diag.Place{})
	for _, v := range slices.Compact(values) {
		n.Items = append(n.Items, source.NewScalar(v, diag.Place{}))
	}
	return n
}

// identity is the text, with what distinguishes what is not known of it.
func (t Text) identity() string {
	if t.Parts != nil {
		return t.Parts.Key()
	}
	return t.Value
}

func member(name string, value *source.Node) source.Member {
	return source.NewMember(name, diag.Place{}, value)
}

// Canonical writes all of a document but its Id: the version in which it is read, and the statements in their one form,
// sorted and without repeats. Documents that are equal in it mean the same. It is nil where a part could not be read.
func (d *Document) Canonical(partition string) []string {
	if len(d.Problems) > 0 {
		return nil
	}
	statements := make([]string, len(d.Statements))
	for i := range d.Statements {
		statements[i] = Compact(d.Statements[i].Canonical(partition))
	}
	slices.Sort(statements)
	version := d.Version.identity()
	if version == "" {
		version = "2008-10-17" // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
	}
	if d.More != nil {
		version += " and more: " + symbol.Of(d.More).Key()
	}
	return append([]string{version}, slices.Compact(statements)...)
}

// Identity writes a part of a document as one text for all that say the same in every run: what is not known has its reference and
// what distinguishes it from others of that reference, also where it represents more than is written.
func Identity(n *source.Node) string {
	w := writer{compact: true, holes: true}
	w.value(n, 0)
	return w.out.String()
}

// Compact writes a part of a document as JSON, without spaces and line breaks.
func Compact(n *source.Node) string {
	w := writer{compact: true}
	w.value(n, 0)
	return w.out.String()
}
