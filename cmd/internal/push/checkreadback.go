package push

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// checkReadBack warns where the caller, with the new policy, could put a policy and not read it: then nothing shows what
// became of a put.
func checkReadBack(it *Item, live, doc *policy.Document, caller Caller) {
	if caller.ARN == "" {
		return
	}
	var lost []string
	for _, action := range []string{"kms:GetKeyPolicy", "kms:DescribeKey"} {
		ask := access.Request{Principal: caller.ARN, Action: action}
		now, err := access.Simulate(doc, it.env, ask)
		if err != nil || !denies(now.Decision) {
			continue
		}
		if was, err := access.Simulate(live, it.env, ask); err == nil && !denies(was.Decision) {
			lost = append(lost, action)
		}
	}
	if len(lost) > 0 {
		it.addFinding("caller-cannot-read-back", diag.Warning, fmt.Sprintf("with this policy %s, the caller, loses %s: whether the policy took effect could not be read back, and a later plan could not read the key",
			caller.ARN, strings.Join(lost, " and ")), "allow the caller "+strings.Join(lost, " and ")+" too")
	}
}

func denies(d access.Decision) bool { return d == access.ImplicitDeny || d == access.ExplicitDeny }
