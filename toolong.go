package keypolicy

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// farOver is how many times KMS's limit a policy may have and still be evaluated: beyond it no statement is worth a finding of
// its own.
const farOver = 4

// farTooLong reports the policies of a document that are so long that they are not evaluated.
func farTooLong(d *compiler.Document) diag.List {
	var list diag.List
	for _, p := range d.Policies {
		size, most := p.Document.Size(), facts.PolicyMaxBytes()
		if size <= farOver*most {
			continue
		}
		place := p.Document.Root.Place
		if place.IsZero() {
			place = d.Root.Place
		}
		list = append(list, diag.Diagnostic{
			Rule: "policy-size-limit", Reason: "not-judged", Category: "grammar", Severity: diag.Error, Place: place,
			Message: fmt.Sprintf("the policy has %d bytes, and KMS accepts %d: it is not checked further", size, most),
			Help:    "name fewer principals: a condition on aws:PrincipalArn or aws:PrincipalOrgID matches many",
		})
	}
	return list
}
