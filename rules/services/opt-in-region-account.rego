# METADATA
# title: The other account has the key's Region
# description: >-
#   Some Regions are off in an account until it turns them on. Principals of an account that has not cannot use a key
#   there.
# related_resources:
#   - ref: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
# custom:
#   severity: info
#   subject: statement
#   when: [other_accounts]
#   remedy: >-
#     See that the other account has turned the Region on.
package keypolicy.rules.services["opt-in-region-account"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	input.key.region in _opt_in
	input.statement.effect.text == "Allow"
	some p in input.statement.principals
	lib.other_account(p)
	message := sprintf("`%s` can use the key only if account %s has turned %s on", [p.text, p.account, input.key.region])
}

# Regions that came after 20 March 2019.
_opt_in := {
	"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
	"ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
	"me-central-1", "me-south-1", "mx-central-1",
}
