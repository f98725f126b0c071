package push

import (
	"fmt"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
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

// checkKey adds findings for what speaks against writing the policy to this key.
func (p *Planner) checkKey(it *Item, key Metadata, caller Caller) {
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
	checkUsage(it, key)
}

// checkUsage: lists choose the users' actions by the key's usage, so with a wrong one no principal can use the key.
func checkUsage(it *Item, key Metadata) {
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
