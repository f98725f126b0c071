# METADATA
# title: Policy without Version
# description: >-
#   Without Version a policy is read as version 2008-10-17, in which a policy variable such as
#   ${aws:PrincipalTag/team} is plain text. KMS accepts this, but its guide says to write 2012-10-17.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
# custom:
#   severity: warning
#   subject: policy
#   when: [faults]
#   remedy: >-
#     Write "Version": "2012-10-17".
package keypolicy.rules.grammar["missing-version"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	lib.lacks(input.policy.elements, {"Version"})
	count(input.policy.variables) == 0 # they are reported one by one
	message := "the policy has no `Version`: AWS reads it as 2008-10-17, in which policy variables are plain text"
}
