package expand_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/expand"
)

// templateOf is a template whose statements have some Sids.
func templateOf(name string, sids ...string) string {
	return fmt.Sprintf("template: %s\nstatements:\n%s", name, statementsOf(sids...))
}

const named = "parameters: {name: {type: string, default: x}}\n" // before a template whose Sids have $(name)

func statementsOf(sids ...string) string {
	var b strings.Builder
	for _, sid := range sids {
		fmt.Fprintf(&b, "  - {Sid: %q, Effect: Allow, Principal: {Service: logs.us-east-1.amazonaws.com}, Action: kms:Decrypt, Resource: \"*\"}\n", sid)
	}
	return b.String()
}

// A Sid that an earlier include has too gets a number that no other statement has, those to come included.
func TestIncludedStatementsHaveSidsOfTheirOwn(t *testing.T) {
	for _, test := range []struct {
		name      string
		templates []string
		include   string
		own       []string
		want      []string
	}{
		{"once", []string{templateOf("t", "A")}, "[{template: t}]", nil, []string{"A"}},
		{"twice", []string{templateOf("t", "A")}, "[{template: t}, {template: t}]", nil, []string{"A", "A2"}},
		{"three times", []string{templateOf("t", "A")}, "[{template: t}, {template: t}, {template: t}]", nil, []string{"A", "A2", "A3"}},
		{"two statements twice", []string{templateOf("t", "A", "B")}, "[{template: t}, {template: t}]", nil, []string{"A", "B", "A2", "B2"}},
		{"Sids that end in digits", []string{templateOf("t", "A1")}, "[{template: t}, {template: t}]", nil, []string{"A1", "A12"}},
		{"the numbered Sid is the template's other one", []string{templateOf("t", "A", "A2")}, "[{template: t}, {template: t}]", nil, []string{"A", "A2", "A3", "A22"}},
		{"the same in the other order", []string{templateOf("t", "A2", "A")}, "[{template: t}, {template: t}]", nil, []string{"A2", "A", "A22", "A3"}},
		{"of another template, which is taken by a later statement", []string{templateOf("t", "A"), templateOf("u", "A", "A2")}, "[{template: t}, {template: u}]", nil, []string{"A", "A3", "A2"}},
		{"a later template has the numbered Sid", []string{templateOf("t", "A"), templateOf("u", "A2")}, "[{template: t}, {template: t}, {template: u}]", nil, []string{"A", "A2", "A22"}},
		{"a statement of the spec has the numbered Sid", []string{templateOf("t", "A")}, "[{template: t}, {template: t}]", []string{"A2"}, []string{"A", "A3", "A2"}},
		{"statements of the spec have several", []string{templateOf("t", "A")}, "[{template: t}, {template: t}, {template: t}]", []string{"A2", "A4"}, []string{"A", "A3", "A5", "A2", "A4"}},
		{"a statement of the spec keeps its Sid, for the warning", []string{templateOf("t", "A")}, "[{template: t}]", []string{"A"}, []string{"A", "A"}},
		{"Sids by parameters differ", []string{named + templateOf("t", "A$(name)")}, "[{template: t, parameters: {name: B}}, {template: t, parameters: {name: C}}]", nil, []string{"AB", "AC"}},
		{"Sids by parameters that are the same", []string{named + templateOf("t", "A$(name)")}, "[{template: t, parameters: {name: B}}, {template: t}, {template: t}]", nil, []string{"AB", "Ax", "Ax2"}},
		{"by way of another template", []string{templateOf("t", "A"), "template: u\ninclude: [{template: t}]\nstatements:\n" + statementsOf("A")}, "[{template: u}, {template: t}]", nil, []string{"A", "A2", "A3"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var entries []*expand.Entry
			for i, text := range test.templates {
				unit, _ := compiler.Compile(compiler.Input{Name: fmt.Sprintf("template%d.yaml", i), Text: []byte(text)}, compiler.Options{Templates: expand.NewLibrary(entries)})
				entries = append(entries, unit.Documents[0].Template)
			}
			text := "account: \"111122223333\"\nregion: us-east-1\ndelegate_to_iam: false\ninclude: " + test.include + "\n"
			if len(test.own) > 0 {
				text += "statements:\n" + statementsOf(test.own...)
			}
			unit, found := compiler.Compile(compiler.Input{Name: "a.keypolicy.yaml", Text: []byte(text)}, compiler.Options{Templates: expand.NewLibrary(entries)})
			if found.HasErrors() {
				t.Fatal(found)
			}
			var got []string
			for _, st := range unit.Documents[0].Policies[0].Document.Statements {
				got = append(got, st.Sid.Value)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
