# METADATA
# title: Unrestricted grants by another account
# description: >-
#   Another account that can create any grant can pass the key on to a third account, permanently, and the key
#   policy does not show it. Integrated services need only kms:GrantIsForAWSResource. Where AWS's guides let another
#   account create one grant by hand, for a service-linked role, kms:GranteePrincipal names that role. Several of
#   AWS's guides let another account create any grant, to share snapshots and models, so this is an error only if
#   the configuration has trust and it does not include the account. It is a warning where AWS's pages leave open
#   whether a Deny prevents it, and info where that depends on something that is still to be filled in.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#grant-authorization
# custom:
#   severity: warning
#   subject: policy
#   when: [open_grants and other_accounts, open_grants and anyone]
#   access: [left]
#   remedy: >-
#     Write kms:CreateGrant in a statement of its own with "Bool": {"kms:GrantIsForAWSResource": "true"}, or name the
#     role that gets the grant by kms:GranteePrincipal.
package keypolicy.rules.privilege["external-create-grant"]

import data.keypolicy.lib

findings contains object.union(
	lib.beside(lib.at(holder.path, message), lib.grant_entry(st), "this allows it to create grants"),
	{"severity": _severity(holder)},
) if {
	some st in input.policy.statements
	lib.unbounded_grants(st)
	not lib.has_everything(st) # another rule reports it
	some holder in lib.external_holders(st, input)
	lib.unlimited(holder, "kms:CreateGrant")
	message := sprintf(
		"statement %s lets `%s`, of another account, create any grant: it can pass `kms:Decrypt` on to a third account%s%s",
		[lib.name(st), holder.text, lib.open_bounds(st), lib.account_note(input.key)],
	)
}

findings contains object.union(lib.because("undecided", lib.at(holder.path, message)), {"severity": "info"}) if {
	some st in input.policy.statements
	lib.unbounded_grants(st)
	not lib.has_everything(st)
	some holder in lib.external_holders(st, input)
	lib.pending(holder, "kms:CreateGrant")
	message := sprintf("whether statement %s lets `%s`, of another account, create any grant is not known yet", [lib.name(st), holder.text])
}

_severity(holder) := "error" if {
	input.trust.given
	not lib.doubtful(holder, "kms:CreateGrant")
}

_severity(holder) := "warning" if lib.doubtful(holder, "kms:CreateGrant")

_severity(_) := "warning" if not input.trust.given
