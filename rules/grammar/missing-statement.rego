# METADATA
# title: Policy without statements
# description: >-
#   A key policy needs at least one statement. Without one nobody could use or manage the key, and KMS refuses the
#   policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   severity: error
#   subject: policy
#   when: [faults]
#   remedy: >-
#     Write a statement that says who may do what with the key, and an account statement, so that the key can be
#     managed.
package keypolicy.rules.grammar["missing-statement"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	lib.lacks(input.policy.elements, {"Statement"})
	message := "the policy has no `Statement`: KMS refuses a policy that lets nobody in"
}

findings contains lib.at(path, message) if {
	path := lib.empty(input.policy, "Statement")
	message := "`Statement` is empty: KMS refuses a policy that lets nobody in"
}
