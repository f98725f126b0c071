# METADATA
# title: Other account may not have the key's Region
# description: >-
#   Some Regions are off in an account until it turns them on. Principals of an account that has not cannot use a key
#   there.
# related_resources:
#   - ref: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
# custom:
#   severity: info
#   subject: statement
#   when: [opt_in_region and other_accounts]
#   remedy: >-
#     See that the other account has turned the Region on.
package keypolicy.rules.services["opt-in-region-account"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	input.key.opt_in
	input.statement.effect.text == "Allow"
	some p in input.statement.principals
	lib.other_account(p)
	message := sprintf("`%s` can use the key only if account %s has turned %s on", [p.text, p.account, input.key.region])
}
