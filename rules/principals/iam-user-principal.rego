# METADATA
# title: IAM user as principal
# description: >-
#   An IAM user has a password or access keys that do not expire. For people and programs alike, AWS recommends
#   roles, whose credentials last for hours. Names without an ARN in a spec's lists are reported by user-or-role.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp
# custom:
#   severity: info
#   subject: [spec, statement]
#   when: [user_arns]
#   remedy: Name a role that the user assumes.
package keypolicy.rules.principals["iam-user-principal"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	not input.statement.effect.text == "Deny"
	some p in lib.principals_of(input)
	p.kind == "user"
	p.fault == ""
	not p.bare
	message := sprintf("`%s` is an IAM user, whose credentials do not expire", [p.text])
}
