# METADATA
# title: Spec without a form
# description: >-
#   A spec that has no lists, policy or template compiles to the policy that AWS gives a key by default. It lets the
#   IAM administrators of the account decide who uses the key, which may or may not be intended.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: info
#   subject: spec
#   when: [forms]
#   remedy: >-
#     Name principals in key_users or key_users_roles and in key_admins or key_admins_roles, or write a policy.
package keypolicy.rules.spec["default-policy"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	not input.template
	input.spec.forms == ["default"]
	message := "the spec names nobody, so it compiles to AWS's default policy: only IAM policies of the key's account decide"
}
