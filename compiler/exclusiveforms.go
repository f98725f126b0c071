package compiler

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// formsGuard is the compiler's own word on two forms: nothing ambiguous is ever compiled, whatever the rules are set to.
func formsGuard(s *spec.KeyPolicy) *diag.Diagnostic {
	fields := formFields(s)
	d := compileFinding(fields[1], "exclusive-forms",
		fmt.Sprintf("`%s` and `%s` are different forms of a policy and exclude each other", fields[0].Text, fields[1].Text),
		"keep one of them: lists of who may do what, `policy`, or `policytemplate`")
	return &d
}

// formFields are the keys of the fields that speak for different forms, in the order written: one a form.
func formFields(s *spec.KeyPolicy) []*source.Node {
	var fields []*source.Node
	seen := map[spec.Form]bool{}
	for _, m := range s.Root.Members {
		if form := formOf(m.Key.Text, s); form != "" && !seen[form] {
			seen[form] = true
			fields = append(fields, m.Key)
		}
	}
	return fields
}

func formOf(field string, s *spec.KeyPolicy) spec.Form {
	switch name := spec.FieldName(field); name {
	case "policy":
		return spec.FormPolicy
	case "policytemplate":
		return spec.FormTemplate
	case "include", "statements", "delegate_to_iam", "allow_key_deletion":
		if s.Policy != nil {
			return spec.FormLists
		}
	default:
		if s.Lists[name] != nil {
			return spec.FormLists
		}
	}
	return ""
}
