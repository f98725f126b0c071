# METADATA
# title: Invalid policy Version
# description: >-
#   The policy language has two versions, 2012-10-17 and 2008-10-17. Version is not the date of the policy, and no
#   other date is a version.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: error
#   subject: policy
#   when: [faults]
#   remedy: >-
#     Write "Version": "2012-10-17".
package keypolicy.rules.grammar["invalid-version"]

import data.keypolicy.lib

findings contains lib.at(input.policy.version.path, message) if {
	version := input.policy.version
	version.present
	not version.text in {"2012-10-17", "2008-10-17"}
	not lib.has_placeholder(version.text)
	message := sprintf("`%s` is not a version of the policy language: there are 2012-10-17 and 2008-10-17", [version.text])
}
