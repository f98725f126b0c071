# METADATA
# title: Own account listed as key user
# description: >-
#   If the key's own account is named among its users, everyone whom IAM policies allow it can use the key, and the
#   list of users is incomplete.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
# custom:
#   severity: info
#   subject: statement
#   when: [own_account and use]
#   access: [left]
#   remedy: Name the users and roles, and name the account only in the account statement with kms:*.
package keypolicy.rules.privilege["root-as-user"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	st := input.statement
	some p in st.principals
	p.kind == "account"
	p.relation == "own"
	p.list != "external_accounts" # another rule reports it
	st.effect.text == "Allow"
	lib.is_for_users(st)
	some use in lib.uses(st)
	lib.able(p, use.cryptographic)
	not lib.asks(st, {"aws:PrincipalArn"})
	message := sprintf("`%s` among the users of statement %s is the whole account: IAM policies decide who in it uses the key%s", [
		p.text, lib.name(st), lib.account_note(input.key),
	])
}
