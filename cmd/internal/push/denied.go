package push

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// AWS names the kind of policy that denied a request, and sometimes the policy. Where several do, it names one of them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var (
	explicitDeny = regexp.MustCompile(`(?i)explicit deny in (?:an? |the )?(` + policyKinds + `)(?: policy)?(?:: (arn:[0-9A-Za-z:/_+=.@-]{1,500}))?`)
	noAllow      = regexp.MustCompile(`(?i)because no (` + policyKinds + `)(?: policy)? allows`)
	noKeyOrAllow = regexp.MustCompile(`(?i)resource does not exist in this Region, no resource-based policies allow access`)
)

const policyKinds = `identity-based|resource-based|session|service control|resource control|permissions boundary|VPC endpoint`

// denialAdvice says what lifts a denial by a kind of policy: one that denies explicitly, and one that allows nothing.
type denialAdvice struct{ name, explicit, implicit string }

func adviceOn(kind string, r request) denialAdvice {
	switch strings.ToLower(kind) {
	case "identity-based":
		return denialAdvice{"identity policy", "remove the Deny of the caller's identity policies", "allow it in an identity policy of the caller"}
	case "resource-based":
		if r.service == "STS" {
			return denialAdvice{"trust policy", "remove the Deny of the role's trust policy", "let the caller in by the role's trust policy"}
		}
		return denialAdvice{
			"key policy", "a principal that the key policy still allows kms:PutKeyPolicy has to remove the Deny",
			"the key policy has to name the caller, or to allow the account's principal so that identity policies count",
		}
	case "session":
		return denialAdvice{"session policy", "sign in without the session policy, or with another", "sign in without the session policy, or with another"}
	case "permissions boundary":
		return denialAdvice{"permissions boundary", "the caller's permissions boundary has to be changed", "allow it in the caller's permissions boundary too"}
	case "vpc endpoint":
		return denialAdvice{"VPC endpoint policy", "change the policy of the VPC endpoint, or go without it", "allow it in the policy of the VPC endpoint, or go without it"}
	default: // of the organization
		const ask = "no policy of the account can allow it: ask the administrators of the organization"
		return denialAdvice{strings.ToLower(kind) + " policy", ask, ask}
	}
}

// generalAdvice is given where AWS does not say which policy denies.
const generalAdvice = "allow it in the caller's identity policy, and see that the key policy lets it in"

// denied is the sentence for an access that AWS denied, with AWS's own cause where the message has one.
func denied(message string, r request) string {
	sentence := fmt.Sprintf("the caller may not do %s%s: ", r.name(), r.on())
	message = strings.Join(strings.Fields(message), " ")
	if found := explicitDeny.FindStringSubmatch(message); found != nil {
		advice := adviceOn(found[1], r)
		cause := diag.Indefinite(advice.name) + " denies it explicitly"
		if found[2] != "" {
			cause += " (" + found[2] + ")"
		}
		return sentence + cause + "; " + advice.explicit
	}
	if found := noAllow.FindStringSubmatch(message); found != nil {
		advice := adviceOn(found[1], r)
		return sentence + "no " + advice.name + " allows it; " + advice.implicit
	}
	if noKeyOrAllow.MatchString(message) {
		return sentence + "the key does not exist in " + r.region + ", or its key policy does not allow it; check the key's id, the Region and the account"
	}
	return sentence + generalAdvice
}
