# METADATA
# title: Missing or empty policy Id
# description: >-
#   Id names a policy. KMS does not evaluate it; people and the console distinguish policies by it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_id.html
# custom:
#   severity: info
#   subject: policy
#   enabled: false
#   remedy: Write an Id that says what the policy is for.
package keypolicy.rules.grammar["id-form"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	lib.lacks(input.policy.elements, {"Id"})
	message := "the policy has no `Id`"
}

findings contains lib.at(path, "the policy's `Id` is empty") if path := lib.empty(input.policy, "Id")
