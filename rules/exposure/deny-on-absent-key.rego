# METADATA
# title: Deny skipped when its condition key is absent
# description: >-
#   Requests with long-term credentials do not have the key aws:MultiFactorAuthPresent. A Deny with Bool and false
#   does not match them, although they are the requests that it should deny.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
# custom:
#   severity: warning
#   subject: policy
#   when: [conditions and denies]
#   remedy: Write BoolIfExists.
package keypolicy.rules.exposure["deny-on-absent-key"]

import data.keypolicy.lib

findings contains lib.operator_written(lib.at_key(condition.operator.path, message), st, condition.operator.path, "BoolIfExists") if {
	some st in input.policy.statements
	st.effect.text == "Deny"
	some condition in st.conditions
	lower(condition.key.text) == "aws:multifactorauthpresent"
	condition.operator.base == "Bool"
	not condition.operator.if_exists
	condition.operator.set != "ForAllValues"
	some value in condition.values
	lower(value.text) == "false"
	not _denies_absence
	message := sprintf("callers with long-lived access keys send no `%s`, so statement %s does not deny them", [condition.key.text, lib.name(st)])
}

# Another Deny is for requests without the key.
_denies_absence if {
	some st in input.policy.statements
	st.effect.text == "Deny"
	some condition in st.conditions
	lower(condition.key.text) == "aws:multifactorauthpresent"
	lib.absent_passes(condition)
}
