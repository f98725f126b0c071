# METADATA
# title: Policy close to KMS's size limit
# description: >-
#   A key policy has 32,768 bytes at most, and the limit cannot be raised. A policy that has used most of it will one
#   day refuse the next principal, when it is needed at once.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# custom:
#   severity: warning
#   subject: policy
#   when: [large]
#   remedy: >-
#     Name fewer principals: a condition on aws:PrincipalArn or aws:PrincipalOrgID represents many, and a grant gives
#     one principal rights outside the policy.
package keypolicy.rules.grammar["policy-size-near-limit"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	policy := input.policy
	policy.size * 100 > policy.size_limit * 80
	policy.size <= policy.size_limit
	message := sprintf("the policy has %d of the %d bytes that KMS takes", [policy.size, policy.size_limit])
}
