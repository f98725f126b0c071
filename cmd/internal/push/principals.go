package push

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// newPrincipals are the users, roles and accounts that the policy names and the live one does not, service-linked roles
// first: KMS says of a principal that it does not know only that there is one.
func newPrincipals(it *Item) []policy.Principal {
	live, err := read([]byte(it.Live))
	if err != nil {
		return nil
	}
	wanted, err := read(it.Policy)
	if err != nil {
		return nil
	}
	known := map[string]bool{}
	for _, p := range awsPrincipals(live) {
		known[p.Text] = true
	}
	var list []policy.Principal
	for _, p := range awsPrincipals(wanted) {
		if own := p.Kind == policy.Account && p.Account == it.Account; !own && !known[p.Text] {
			known[p.Text] = true
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b policy.Principal) int { return rank(a) - rank(b) })
	return list
}

func rank(p policy.Principal) int {
	if serviceLinked(p) != "" {
		return 0
	}
	return 1
}

// awsPrincipals are those that KMS looks up in IAM.
func awsPrincipals(doc *policy.Document) []policy.Principal {
	var list []policy.Principal
	for i := range doc.Statements {
		st := &doc.Statements[i]
		for _, p := range slices.Concat(st.Principals, st.NotPrincipals) {
			if slices.Contains([]policy.PrincipalKind{policy.User, policy.Role, policy.Session, policy.Account}, p.Kind) {
				list = append(list, p)
			}
		}
	}
	return list
}

// serviceLinked is the call that creates a service-linked role; "" of any other principal.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html
func serviceLinked(p policy.Principal) string {
	arn, _ := policy.ParseARN(p.Text)
	rest, ok := strings.CutPrefix(arn.Resource, "role/aws-service-role/")
	service, name, found := strings.Cut(rest, "/")
	if !ok || !found {
		return ""
	}
	call := "aws iam create-service-linked-role --aws-service-name " + service
	if _, suffix, ok := strings.Cut(name, "_"); ok && (service == "autoscaling.amazonaws.com" || service == "lexv2.amazonaws.com") {
		call += " --custom-suffix " + suffix
	}
	return call
}

// mostSuspects are named of principals that may not exist.
const mostSuspects = 10

// noSuchPrincipal is the sentence for a policy that KMS refuses for a principal.
func noSuchPrincipal(suspects []policy.Principal) string {
	const refuses = "KMS refuses the policy, as it names a principal that does not exist: "
	if len(suspects) == 0 {
		return refuses + "none is new against the live policy, so one that was there has been deleted; check names and paths of users and roles"
	}
	var names []string
	for i, p := range suspects {
		if i == mostSuspects {
			names = append(names, fmt.Sprintf("and %d more", len(suspects)-i))
			break
		}
		name := p.Text
		if call := serviceLinked(p); call != "" {
			name += " (create it with `" + call + "`)"
		}
		names = append(names, name)
	}
	return refuses + "check those that are new against the live policy, or make them first: " + strings.Join(names, ", ")
}
