package push

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// checkGrants warns of principals that lose access by the policy and keep it by a grant.
// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
func (p *Planner) checkGrants(ctx context.Context, it *Item, client KMS) error {
	var removed []string
	for _, c := range it.Diff.Removed {
		if strings.HasPrefix(c.Principal, "arn:") && !slices.Contains(removed, c.Principal) {
			removed = append(removed, c.Principal)
		}
	}
	if len(removed) == 0 {
		return nil
	}
	grants, err := client.Grants(ctx, it.ARN)
	var fault *RequestError
	if errors.As(err, &fault) && fault.nonsense {
		return err // whatever it is that answers, it is not KMS
	}
	if err != nil {
		it.addFinding("grants-unknown", diag.Warning, "whether those who lose access keep it by a grant is not known: "+err.Error(), "allow kms:ListGrants, or look with `aws kms list-grants`")
		return nil //nolint:nilerr // the finding has it
	}
	for _, principal := range removed {
		var ids []string
		for _, g := range grants {
			if g.Grantee == principal || roleOf(g.Grantee) == principal {
				ids = append(ids, g.ID)
			}
		}
		if len(ids) > 0 {
			slices.Sort(ids)
			it.addFinding("grant-remains", diag.Warning, fmt.Sprintf("%s loses access by the policy, and keeps some by the grant %s", principal, strings.Join(ids, ", ")),
				"revoke the grant if it is not needed: `aws kms revoke-grant`")
		}
	}
	return nil
}

// roleOf is the role of a session, by its name only: a session's ARN does not show the path.
func roleOf(arn string) string {
	p := policy.ReadPrincipal("AWS", arn, nil)
	if p.Kind != policy.Session {
		return ""
	}
	a, _ := policy.ParseARN(arn)
	return policy.ARN{Partition: a.Partition, Service: "iam", Account: a.Account, Resource: "role/" + p.Name}.String()
}
