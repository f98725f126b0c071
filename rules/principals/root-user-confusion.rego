# METADATA
# title: Account principal described as the root user
# description: >-
#   arn:aws:iam::ACCOUNT:root is the account principal, and IAM policies decide who in the account gets access. It
#   is not the account's root user, whatever the Sid says.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: >-
#     Say in the Sid that the account's IAM policies decide. To mean only the root user, add a condition on
#     aws:PrincipalArn.
package keypolicy.rules.principals["root-user-confusion"]

import data.keypolicy.lib

findings contains lib.at(input.statement.sid.path, message) if {
	st := input.statement
	st.effect.text == "Allow"
	contains(lower(st.sid.text), "root user")
	some p in st.principals
	p.kind == "account"
	count(st.conditions) == 0
	message := sprintf("`%s` mentions the root user, but `%s` is the whole account: its IAM policies decide who gets in", [st.sid.text, p.text])
}
