package push

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// checkSize refuses what KMS would: its answer to a policy that is too long looks like throttling to the SDK.
// https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
func checkSize(it *Item) {
	if size, most := len(it.Policy), facts.PolicyMaxBytes(); size > most {
		it.addFinding("policy-size", diag.Error, fmt.Sprintf("the policy has %d bytes, and KMS takes at most %d", size, most),
			"merge statements, or allow the account's principal with a condition on aws:PrincipalArn in place of many principals")
	}
	for i := 0; i < len(it.Policy); {
		r, size := utf8.DecodeRune(it.Policy[i:])
		if !facts.AllowedRune(r) {
			it.addFinding("policy-characters", diag.Error, fmt.Sprintf("the policy has the character %q, which KMS does not accept", r), "write it without: KMS accepts only Latin-1")
			return
		}
		i += size
	}
}

// judgeKey adds findings for what speaks against writing the policy to this key.
func (p *Planner) judgeKey(it *Item, key Metadata, caller Caller) {
	if key.Manager == "AWS" {
		it.addFinding("aws-managed-key", diag.Error, "it is an AWS managed key, whose policy cannot be changed", "name a customer managed key")
		return
	}
	if key.Account != it.Account && it.Key.AccountFrom != spec.FromPolicy {
		it.addFinding("key-account", diag.Error, fmt.Sprintf("the key is in account %s, and the spec's account is %s", key.Account, it.Account), "name the account's own key")
	} else if caller.Account != "" && key.Account != caller.Account {
		it.addFinding("key-account", diag.Error, fmt.Sprintf("the key is in account %s, and the credentials are of account %s", key.Account, caller.Account),
			"use the account's own credentials")
	}
	it.Account = key.Account
	switch key.State {
	case "PendingDeletion", "PendingReplicaDeletion":
		it.addFinding("pending-deletion", diag.Warning, "the key is pending deletion", "cancel the deletion if the key is still needed, or remove its spec")
	case "Disabled":
		it.addFinding("disabled", diag.Info, "the key is disabled: whatever its policy allows, it encrypts and decrypts nothing until it is enabled", "enable it, if it is to be used: `aws kms enable-key`")
	case "PendingImport":
		it.addFinding("pending-import", diag.Info, "the key has no key material: whatever its policy allows, it encrypts and decrypts nothing until some is imported", "import the key material")
	}
	if key.Replica {
		it.addFinding("replica", diag.Info, "the key is a replica of a multi-Region key: its policy is its own, and a change of the primary key's does not reach it", "keep the policies of all replicas alike, by one spec with `regions`")
	}
	it.related = key.Related
	judgeUsage(it, key)
}

// judgeUsage: lists choose the users' actions by the key's usage, so with a wrong one no principal can use the key.
func judgeUsage(it *Item, key Metadata) {
	if key.Usage == "" || it.Key.Usage == "" || key.Usage == it.Key.Usage {
		return
	}
	message := fmt.Sprintf("the key's usage is %s, and the spec's is %s", key.Usage, it.Key.Usage)
	help := fmt.Sprintf("write `key_usage: %s` and `key_spec: %s`", key.Usage, key.Spec)
	switch it.Form {
	case spec.FormLists, spec.FormTemplate:
		it.addFinding("key-usage", diag.Error, message, help)
	case spec.FormPolicy:
		if it.Key.Usage != "ENCRYPT_DECRYPT" { // the default: then nothing was said
			it.addFinding("key-usage", diag.Warning, message, help)
		}
	case spec.FormDefault, spec.FormDocument, spec.FormReply:
	}
}

// judgeLockout asks who could change the policy once it is applied: anybody at all, and the caller.
func (p *Planner) judgeLockout(it *Item, doc *policy.Document, caller Caller) {
	env := it.env
	env.Caller = caller.ARN
	a := access.NewAnalysis(doc, env)
	if it.callerKeepsAll = leavesAll(a, env, caller); it.callerKeepsAll {
		return
	}
	l := a.Lockout()
	if l.Editors == access.EditorsNone {
		tellNoEditor(it)
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
			message += ": " + lowerFirst(strings.TrimRight(why[0].Text, "."))
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

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// judgeGrants warns of principals that lose access by the policy and keep it by a grant.
// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
func (p *Planner) judgeGrants(ctx context.Context, it *Item, client KMS) error {
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

// judgeReadBack warns where the caller, with the new policy, could put a policy and not read it: then nothing shows what
// became of a put.
func judgeReadBack(it *Item, live, doc *policy.Document, caller Caller) {
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

// roleOf is the role of a session, by its name only: a session's ARN does not show the path.
func roleOf(arn string) string {
	p := policy.ReadPrincipal("AWS", arn, nil)
	if p.Kind != policy.Session {
		return ""
	}
	a, _ := policy.ParseARN(arn)
	return policy.ARN{Partition: a.Partition, Service: "iam", Account: a.Account, Resource: "role/" + p.Name}.String()
}
