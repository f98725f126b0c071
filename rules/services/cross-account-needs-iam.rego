# METADATA
# title: Other account needs IAM policies too
# description: >-
#   A key policy that allows another account is not enough. An IAM policy in that account also has to allow its
#   users or roles to use the key, and names the ARN of the key.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: >-
#     Give the users or roles of the other account an IAM policy with the actions and the ARN of this key.
package keypolicy.rules.services["cross-account-needs-iam"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	input.statement.effect.text == "Allow"
	some p in input.statement.principals
	lib.other_account(p)
	message := sprintf("`%s` also needs an IAM policy in account %s that names this key", [p.text, p.account])
}
