# METADATA
# title: Another account does not administer the key
# description: >-
#   Another account that is allowed kms:* can decrypt, make any grant and revoke those of others; that AWS ignores
#   kms:PutKeyPolicy and the like from another account today is no reason to allow them. Actions that are written out and
#   have no effect for another account are told by action-not-cross-account.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
# custom:
#   severity: error
#   subject: statement
#   when: [edits and other_accounts, edits and anyone]
#   access: [left]
#   remedy: List what the other account needs, as kms:Decrypt and kms:DescribeKey.
package keypolicy.rules.privilege["external-admin"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(entry.path, message), holders[0].path, "this is the other account") if {
	st := input.statement
	lib.gives(st, "kms:PutKeyPolicy")
	some entry in array.slice(_wide(st), 0, 1)
	holders := [holder | some holder in lib.external_holders(st, input); lib.able(holder, _administration(entry))]
	count(holders) > 0
	message := sprintf(
		"statement %s allows `%s` to %s, of another account: %s%s",
		[lib.name(st), entry.text, lib.called(holders), _what(entry), lib.account_note(input.key)],
	)
}

_wide(st) := [entry |
	some entry in st.actions
	entry.wildcard
	"kms:PutKeyPolicy" in entry.matches
]

# KMS lets other accounts make and revoke grants; what else administers the key has no effect for them.
_administration(entry) := {"kms:CreateGrant", "kms:RevokeGrant"} if "kms:CreateGrant" in entry.matches

_administration(entry) := {"kms:PutKeyPolicy"} if not "kms:CreateGrant" in entry.matches

_what(entry) := "it can decrypt, and make and revoke any grant" if "kms:CreateGrant" in entry.matches

_what(entry) := "an administrator of the key is not another account's" if not "kms:CreateGrant" in entry.matches
