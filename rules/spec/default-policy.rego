# METADATA
# title: Spec without a form
# description: >-
#   A spec that has neither lists nor a policy nor a template compiles to the policy that AWS gives a key by default. It
#   gives the whole account's administrators of IAM the say on who may use the key. That may be wanted, and is better known.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: info
#   subject: spec
#   when: [forms]
#   remedy: Name key_users or key_users_roles and key_admins or key_admins_roles, or write a policy.
package keypolicy.rules.spec["default-policy"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	not input.template
	input.spec.forms == ["default"]
	message := "the spec names nobody, so it compiles to AWS's default policy: only IAM policies of the key's account decide"
}
