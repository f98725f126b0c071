# METADATA
# title: IAM Identity Center role without its path
# description: >-
#   Roles that IAM Identity Center creates have the path aws-reserved/sso.amazonaws.com/, in most Regions with the
#   Region after it. Without the path the role does not exist, and KMS refuses the whole policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: Write the path, or write a statement for the account with ArnLike on aws:PrincipalArn.
package keypolicy.rules.principals["sso-role-path"]

import data.keypolicy.lib

findings contains lib.through_permission_set(lib.at(p.path, message), p) if {
	some p in lib.faulty(input)
	p.fault == "sso_path"
	message := sprintf("`%s` has no path of IAM Identity Center, so there is no such role: %s", [p.text, lib.refused])
}
