package rules

import (
	"fmt"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// What is kept of a statement's conditions is what is made of them without it, whatever statements came before.
func TestKeptConditionsAreThoseOfTheStatement(t *testing.T) {
	in := newInputs(Options{})
	kept, compared := []fields{every, newFields([]string{"conditions operator key text"}, "1"), newFields([]string{"conditions values text quoted type"}, "2")}, 0
	compare := func(name string, st *policy.Statement) {
		for _, read := range kept {
			got, want := in.conditionsTerm(st, len(st.Path), read), in.newConditionsTerm(st, len(st.Path), read)
			if got.Value.Compare(want.Value) != 0 {
				t.Errorf("%s, statement %s, fields %q: kept\n%v\nmade\n%v", name, st.Label(), read.key, got, want)
			}
		}
		compared++
	}
	eachTarget(t, func(name string, target Target) {
		for _, p := range target.Policies {
			for i := range p.Document.Statements {
				compare(name, &p.Document.Statements[i])
			}
		}
	})
	// Statements that differ in one thing each.
	for i, text := range []string{
		`"kms:Decrypt", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}`,
		`"kms:Decrypt", "Condition": {"Bool": {"kms:GrantIsForAWSResource": true}}`,
		`"kms:Decrypt", "Condition": {"Bool": {"kms:GrantIsForAWSResource": ["true"]}}`,
		`"kms:Decrypt", "Condition": {"Null": {"kms:GrantIsForAWSResource": "true"}}`,
		`"kms:Decrypt", "Condition": {"Bool": {"aws:SecureTransport": "true"}}`,
		`"kms:CreateGrant", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}`,
		`"kms:Decrypt", "Condition": {"Bool": {"kms:GrantIsForAWSResource": ["true", "false"]}}`,
		`"kms:Decrypt", "Condition": {"Bool": {"kms:GrantIsForAWSResource": ["false", "true"]}}`,
		`"kms:Decrypt", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "${a}"}}`,
	} {
		name := fmt.Sprintf("%d.json", i)
		unit, _ := compiler.Compile(compiler.Input{Name: name, Text: fmt.Appendf(nil,
			`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Resource": "*", "Action": %s}]}`, text)}, compiler.Options{})
		for _, p := range unit.Documents[0].Policies {
			compare(name, &p.Document.Statements[0])
		}
	}
	if compared < 100 {
		t.Errorf("only %d statements were compared", compared)
	}
}
