# METADATA
# title: Policy close to KMS's size limit
# description: >-
#   A key policy can have at most 32,768 bytes, and this limit cannot be raised. When a policy has used most of
#   them, there may not be enough left for a principal that urgently needs access.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# custom:
#   severity: warning
#   subject: policy
#   when: [large]
#   remedy: >-
#     Name fewer principals or values. One pattern can replace many, and a grant gives one principal access outside of
#     the policy.
package keypolicy.rules.grammar["policy-size-near-limit"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	policy := input.policy
	policy.size * 100 > policy.size_limit * 80
	policy.size <= policy.size_limit
	message := sprintf("the policy has %d of the %d bytes that KMS accepts", [policy.size, policy.size_limit])
}
