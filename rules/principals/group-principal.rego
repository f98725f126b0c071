# METADATA
# title: IAM group as principal
# description: >-
#   Groups only attach IAM policies to users. A resource policy can name users, roles, accounts and services, but
#   not groups, so KMS refuses the whole policy with MalformedPolicyDocumentException.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: >-
#     Name the users or, better, a role that they assume. Or let the account statement delegate to IAM, and attach an
#     IAM policy for the key to the group.
package keypolicy.rules.principals["group-principal"]

import data.keypolicy.lib

findings contains lib.at(p.path, message) if {
	some p in lib.faulty(input)
	p.fault == "group"
	message := sprintf("`%s` is an IAM group, and a group is not a principal: %s", [p.text, lib.refused])
}
