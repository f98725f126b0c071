# METADATA
# title: Other account may not have the key's Region
# description: >-
#   Some Regions are disabled in an account until they are enabled there. Principals of an account in which the
#   key's Region is disabled cannot use the key.
# related_resources:
#   - ref: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
# custom:
#   severity: info
#   subject: statement
#   when: [opt_in_region and other_accounts]
#   remedy: Make sure that the other account has enabled the Region.
package keypolicy.rules.services["opt-in-region-account"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	input.key.opt_in
	input.statement.effect.text == "Allow"
	some p in input.statement.principals
	lib.other_account(p)
	message := sprintf("`%s` can use the key only if account %s has enabled %s", [p.text, p.account, input.key.region])
}
