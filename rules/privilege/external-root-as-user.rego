# METADATA
# title: Whole external account as key user
# description: >-
#   A statement that names another account as a whole lets that account's IAM administrators decide who uses the
#   key. Often only one role there needs it, and can be named.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   severity: info
#   subject: statement
#   when: [other_accounts and use]
#   access: [left]
#   remedy: >-
#     Name the role of the other account that uses the key, or keep the account if it is meant as a whole.
package keypolicy.rules.privilege["external-root-as-user"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	not lib.has_everything(st) # another rule reports it
	not lib.asks(st, {"aws:PrincipalArn"})
	lib.has(st, "Resource")
	some p in st.principals
	p.kind == "account"
	p.relation in {"other", "trusted"}
	p.account != "root" # reported by name-form
	not _not_approved(p) # another rule reports it
	_uses(st, p)
	message := sprintf("account `%s` is named as a whole: its IAM policies decide who in it uses the key%s", [
		p.account, lib.account_note(input.key),
	])
}

_uses(st, p) if {
	some entry in st.actions
	entry.does.use
	lib.able(p, entry.cryptographic)
}

_not_approved(p) if {
	input.trust.given
	p.relation == "other"
}
