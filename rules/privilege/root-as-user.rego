# METADATA
# title: Own account listed as key user
# description: >-
#   Who names the key's own account among its users gives use of the key to whoever IAM policies allow it. The list of users
#   then is not the truth.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
# custom:
#   severity: info
#   subject: statement
#   when: [own_account and use]
#   access: [left]
#   remedy: Name the users and roles, and let the account's own statement, with kms:*, be the only one.
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
	message := sprintf("`%s` among the users of statement %s is the whole account: IAM policies decide who of it uses the key%s", [
		p.text, lib.name(st), lib.account_note(input.key),
	])
}
