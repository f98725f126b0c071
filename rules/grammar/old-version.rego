# METADATA
# title: Old policy Version
# description: >-
#   In a policy of version 2008-10-17 a policy variable such as ${aws:PrincipalTag/team} is plain text, so a
#   condition that uses one never matches. Everything else is the same in both versions.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: warning
#   subject: policy
#   when: [faults]
#   remedy: >-
#     Write "Version": "2012-10-17".
package keypolicy.rules.grammar["old-version"]

import data.keypolicy.lib

findings contains lib.at(input.policy.version.path, message) if {
	input.policy.version.text == "2008-10-17"
	count(input.policy.variables) == 0 # they are reported one by one
	message := "`2008-10-17` is the old version of the policy language, in which policy variables are plain text"
}
