# METADATA
# title: Suffix of a permission set's role in a policy
# description: >-
#   The name of a role that IAM Identity Center makes ends in a random suffix. When the permission set is provisioned
#   again the suffix is another one, the policy then names a role that is gone, and KMS refuses it when it is put
#   again. AWS's guide names the account, with a pattern in a condition.
# related_resources:
#   - ref: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
# custom:
#   severity: warning
#   subject: [spec, statement]
#   when: [reserved_roles]
#   remedy: >-
#     Write a statement for the account with ArnLike on aws:PrincipalArn, and * for the suffix.
package keypolicy.rules.principals["sso-role-suffix"]

import data.keypolicy.lib

findings contains lib.through_permission_set(lib.at(p.path, message), p) if {
	some p in lib.principals_of(input)
	startswith(p.name, "AWSReservedSSO_")
	p.kind == "role"
	p.fault == ""
	regex.match(`_[0-9a-f]{16}$`, p.name)
	message := sprintf("`%s` ends in a random suffix, which is another one when the permission set is provisioned again", [p.text])
}
