package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// boundaryRemarks say of the sessions that one of two policies allows something by their own ARN what the decisions do not: within an
// account, an implicit deny in a permissions boundary or a session policy limits what is allowed to a role's ARN, and not what is
// allowed to a session's. Another account's own policies limit either.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
// Replacing a role's ARN by a session's reads like a restriction, and takes the principal out of the reach of its
// permissions boundary. No decision of a key policy shows that, so it is a remark and never a finding.
func boundaryRemarks(before, after *policy.Document, oldOwner, newOwner string) []string {
	list := []string{}
	add := func(which string, named, other *policy.Document, owner string) {
		for _, p := range allowedSessions(named) {
			if owner != "" && p.Account != owner || slices.ContainsFunc(allowedSessions(other), func(o policy.Principal) bool { return o.Text == p.Text }) {
				continue
			}
			list = append(list, fmt.Sprintf("%s: permissions boundaries and session policies limit access by a role's ARN to what they allow. They limit access by this session's ARN, which the %s policy names, only by explicit denies. The key policy does not show them.", p.Text, which))
		}
	}
	add("old", before, after, oldOwner)
	add("new", after, before, newOwner)
	return list
}

// allowedSessions are the sessions whose ARN is a principal of an Allow statement, each once, in order of their ARNs.
func allowedSessions(doc *policy.Document) []policy.Principal {
	var list []policy.Principal
	for i := range doc.Statements {
		if doc.Statements[i].Effect.Value != "Allow" {
			continue
		}
		for _, p := range doc.Statements[i].Principals {
			if p.Kind == policy.Session && !slices.ContainsFunc(list, func(o policy.Principal) bool { return o.Text == p.Text }) {
				list = append(list, p)
			}
		}
	}
	slices.SortFunc(list, func(a, b policy.Principal) int { return strings.Compare(a.Text, b.Text) })
	return list
}
