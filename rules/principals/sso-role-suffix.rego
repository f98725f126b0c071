# METADATA
# title: Role name of IAM Identity Center with a random suffix
# description: >-
#   The name of a role that IAM Identity Center creates ends in a random suffix. When the permission set is
#   provisioned again, the suffix changes. The policy then names a role that no longer exists, and KMS refuses it
#   when it is written again. AWS's guide names the account, with a pattern in a condition.
# related_resources:
#   - ref: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
# custom:
#   severity: warning
#   subject: [spec, statement]
#   when: [reserved_roles]
#   remedy: Write a statement for the account with ArnLike on aws:PrincipalArn, and * for the suffix.
package keypolicy.rules.principals["sso-role-suffix"]

import data.keypolicy.lib

findings contains lib.through_permission_set(lib.at(p.path, message), p) if {
	some p in lib.principals_of(input)
	startswith(p.name, "AWSReservedSSO_")
	p.kind == "role"
	p.fault == ""
	regex.match(`_[0-9a-f]{16}$`, p.name)
	message := sprintf("`%s` ends in a random suffix, which changes when the permission set is provisioned again", [p.text])
}
