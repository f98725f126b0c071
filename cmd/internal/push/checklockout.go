package push

import (
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// checkLockout asks who could change the policy once it is applied: anybody at all, and the caller.
func (p *Planner) checkLockout(it *Item, doc *policy.Document, caller Caller) {
	env := it.env
	env.Caller = caller.ARN
	a := access.NewAnalysis(doc, env)
	if it.callerKeepsAll = leavesAll(a, env, caller); it.callerKeepsAll {
		return
	}
	l := a.Lockout()
	if l.Editors == access.EditorsNone {
		addNoEditor(it)
		return
	}
	if caller.ARN == "" {
		it.addFinding("caller-unknown", diag.Warning, "whether the caller could change the policy again is not known: "+caller.unknown,
			"KMS makes the same check, and refuses the policy if the caller could not")
		return
	}
	severity := diag.Error
	if p.AllowLosingOwnAccess {
		severity = diag.Warning
	}
	help := "give it kms:PutKeyPolicy, apply as a principal that has it, or give --allow-losing-own-access; KMS makes the same check, which keypolicy never turns off"
	switch l.Caller {
	case access.CallerPass, access.CallerPassIfIAM:
	case access.CallerConditional:
		it.addFinding("caller-conditional", diag.Warning, caller.ARN+" could change the policy again only under conditions",
			"KMS may refuse the policy in its lockout safety check; give the caller kms:PutKeyPolicy without conditions")
	case access.CallerFail:
		it.addFinding("caller-loses-access", severity, fmt.Sprintf("with this policy %s, the caller, could not change it again", caller.ARN), help)
	case access.CallerUnknown:
		message := fmt.Sprintf("whether %s, the caller, could change the policy again is not known", caller.ARN)
		if why := a.Unknown(); len(why) > 0 {
			message += ": " + diag.Phrase(why[0].Text)
		}
		if l.Editors == access.EditorsUnknown && a.Undecided(access.AskLockout) == access.ReasonOpen { // KMS knows, and refuses the policy where the caller could not
			severity = diag.Warning
		}
		it.addFinding("caller-unknown", severity, message, help)
	}
}

// leavesAll reports, by the form of the policy only, that it leaves a caller of the key's own account all that IAM policies give:
// the account statement allows everything, and nothing is denied. False proves nothing. Most policies of an organization
// are of this form, and need no analysis of who could change and read them.
func leavesAll(a *access.Analysis, env access.Env, caller Caller) bool {
	p := policy.ReadPrincipal("AWS", caller.ARN, nil)
	own := p.Account == env.Account && p.Partition == env.Partition
	return own && slices.Contains([]policy.PrincipalKind{policy.User, policy.Role, policy.Session}, p.Kind) && a.Plain()
}
