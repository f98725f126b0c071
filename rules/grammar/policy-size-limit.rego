# METADATA
# title: Policy exceeds KMS's size limit
# description: >-
#   A key policy has 32,768 bytes at most, and the limit cannot be raised. KMS answers LimitExceededException to a
#   longer one. Whether white space counts is not documented: the size here is without any.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
# custom:
#   severity: error
#   subject: policy
#   when: [large]
#   remedy: >-
#     Name fewer principals: a condition on aws:PrincipalArn or aws:PrincipalOrgID represents many, and a grant gives
#     one principal rights outside the policy.
package keypolicy.rules.grammar["policy-size-limit"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	input.policy.size > input.policy.size_limit
	message := sprintf("the policy has %d bytes, and KMS takes %d: PutKeyPolicy answers LimitExceededException", [
		input.policy.size,
		input.policy.size_limit,
	])
}
