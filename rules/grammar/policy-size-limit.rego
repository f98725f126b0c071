# METADATA
# title: Policy exceeds KMS's size limit
# description: >-
#   A key policy can have at most 32,768 bytes, and this limit cannot be raised. KMS refuses a longer policy with
#   LimitExceededException. Whether white space counts is not documented; the size that is reported does not include
#   it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
# custom:
#   severity: error
#   subject: policy
#   when: [large]
#   remedy: >-
#     Name fewer principals or values. One pattern can replace many, and a grant gives one principal access outside of
#     the policy.
package keypolicy.rules.grammar["policy-size-limit"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	input.policy.size > input.policy.size_limit
	message := sprintf("the policy has %d bytes, and KMS accepts %d: PutKeyPolicy answers LimitExceededException", [
		input.policy.size,
		input.policy.size_limit,
	])
}
