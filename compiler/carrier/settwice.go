package carrier

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// SetTwice reports a key whose policy two resources set: whichever is applied last counts, and the next plan turns it round. first is
// the address of the one that has set Policy, "" for the key itself, and second of the other, whose policy is at a place.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key_policy
func SetTwice(k *Key, first, second string, at diag.Place) diag.Diagnostic {
	by := "itself"
	if first != "" {
		by = "`" + first + "`"
	}
	d := diag.Diagnostic{
		Rule: "compile", Reason: "policy-set-twice", Category: "references", Severity: diag.Error, Resource: k.Resource,
		Message: fmt.Sprintf("the policy of `%s` is set twice: by %s and by `%s`", k.Resource, by, second),
		Help:    "keep one: each apply would overwrite the policy of the other",
		Place:   at,
	}
	if k.Policy != nil {
		d.Related = []diag.Related{{Place: k.Policy.Place, Message: "the other policy"}}
	}
	return d
}
