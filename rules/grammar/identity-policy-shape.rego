# METADATA
# title: Identity policy in place of a key policy
# description: >-
#   A policy that names no principal, and whose resources or actions are not about this key, is an IAM policy or a
#   service control policy. KMS refuses it as a key policy, because every statement needs a Principal.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies.html
# custom:
#   severity: error
#   subject: policy
#   when: [faults]
#   remedy: >-
#     Attach it to a user or role in IAM. In a key policy, name the principals in each statement, and write
#     "Resource": "*", which means this key.
package keypolicy.rules.grammar["identity-policy-shape"]

import data.keypolicy.lib

findings contains lib.at_key(["Statement"], message) if {
	lib.is_identity_policy(input.policy)
	message := "no statement has a `Principal`: this is an IAM policy and not a key policy, and KMS refuses it"
}
