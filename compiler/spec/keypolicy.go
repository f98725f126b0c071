// Package spec is what users write, typed: the spec of one key's policy, templates and the configuration, and what a spec is
// compiled to ([Compiled]) with what users say of its key. Every leaf is a node, so it knows its place. What AWS reads is in
// package policy.
package spec

import (
	"github.com/keypolicy/keypolicy/compiler/source"
)

// KeyPolicy is a spec: one key's policy. A field that is not there is nil.
type KeyPolicy struct {
	Root *source.Node
	Body

	Template   *source.Node // form 3: policytemplate
	Parameters *source.Node

	Name, Key, Account, Partition, Region *source.Node
	Regions                               []*source.Node
	RegionsField                          *source.Node
	KeySpec, KeyUsage, Origin             *source.Node
	MultiRegion                           *source.Node
	Expect                                []Expectation
	Labels                                map[string]string // nil where there are none
}

// Parse reads a spec from its mapping. What is of a wrong type is left out: the schema reports it.
func Parse(root *source.Node) *KeyPolicy {
	s := &KeyPolicy{Root: root, Body: ParseBody(root)}
	scalars := map[string]**source.Node{
		"policytemplate": &s.Template, "name": &s.Name, "key": &s.Key, "account": &s.Account, "partition": &s.Partition,
		"region": &s.Region, "key_spec": &s.KeySpec, "key_usage": &s.KeyUsage, "origin": &s.Origin, "multi_region": &s.MultiRegion,
	}
	for _, m := range root.Members {
		if field, ok := scalars[m.Key.Text]; ok && m.Value.Kind == source.Scalar && !m.Value.IsNull() {
			*field = m.Value
		}
		switch m.Key.Text {
		case "parameters":
			s.Parameters = m.Value
		case "regions":
			s.RegionsField, s.Regions = m.Key, m.Value.Items
		case "labels":
			s.Labels = parseLabels(m.Value)
		case "expect":
			s.Expect = parseExpect(m.Value)
		}
	}
	return s
}

func parseLabels(n *source.Node) map[string]string {
	labels := map[string]string{}
	for _, m := range n.Members {
		if m.Value.IsString() {
			labels[m.Key.Text] = m.Value.Text
		}
	}
	return labels
}

// Forms are the forms that the spec gives. Where it is more than one, nothing may be compiled.
// include, statements, delegate_to_iam and allow_key_deletion make a spec form 1 where nothing else
// does, and contradict form 2, which is the whole policy.
func (s *KeyPolicy) Forms() []Form {
	var forms []Form
	additions := s.IncludeField != nil || s.StatementsField != nil || s.DelegateToIAM != nil || s.AllowKeyDeletion != nil
	if len(s.Lists) > 0 || (additions && (s.Policy != nil || s.Template == nil)) {
		forms = append(forms, FormLists)
	}
	if s.Policy != nil {
		forms = append(forms, FormPolicy)
	}
	if s.Template != nil {
		forms = append(forms, FormTemplate)
	}
	if forms == nil {
		forms = append(forms, FormDefault)
	}
	return forms
}

// IsSpec reports whether a mapping is a spec by its fields: a form's field, or key.
func IsSpec(root *source.Node) bool {
	for _, m := range root.Members {
		switch name := FieldName(m.Key.Text); name {
		case "policy", "policytemplate", "key", "include", "statements", "delegate_to_iam", "allow_key_deletion":
			return true
		default:
			if IsListName(name) {
				return true
			}
		}
	}
	return false
}
