# METADATA
# title: Unrestricted grants by another account
# description: >-
#   Another account that can create any grant can pass the key on to a third account, permanently, and the key
#   policy does not show it. Integrated services need only kms:GrantIsForAWSResource. Where AWS's guides let another
#   account create one grant by hand, for a service-linked role, kms:GranteePrincipal names that role. Several of
#   AWS's guides let another account create any grant, to share snapshots and models, so this is an error only if
#   the configuration has trust and it does not include the account.
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
	{"severity": _severity},
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

_severity := "error" if input.trust.given

_severity := "warning" if not input.trust.given
