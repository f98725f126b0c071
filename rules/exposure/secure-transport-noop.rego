# METADATA
# title: aws:SecureTransport condition without effect
# description: >-
#   KMS accepts only TLS connections, so aws:SecureTransport is true in every request. A condition that asks for it
#   limits nothing, and a statement whose condition asks for the contrary does nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/data-protection.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   enabled: false
#   remedy: Remove the condition if every request meets it, or the statement if no request does.
package keypolicy.rules.exposure["secure-transport-noop"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at_key(condition.key.path, message), help) if {
	some condition in input.statement.conditions
	lower(condition.key.name) == "aws:securetransport"
	not lib.invalid(condition) # another rule reports it
	[effect, help] := _effect(condition)
	message := sprintf("KMS answers only over TLS: %s statement %s", [sprintf(effect, [condition.key.text]), lib.name(input.statement)])
}

# Without its condition, a Deny that denies nothing would deny everybody.
_effect(condition) := ["`%s` limits nothing in", "remove the condition"] if _is_met(condition)

_effect(condition) := ["no request meets the condition on `%s` in", "remove the statement"] if not _is_met(condition)

_is_met(condition) if {
	condition.operator.family in {"Bool", "String"}
	not condition.operator.negated
	some value in condition.values
	lower(value.text) == "true"
}

_is_met(condition) if {
	condition.operator.negated
	every value in condition.values { lower(value.text) != "true" }
}

_is_met(condition) if {
	condition.operator.family == "Null"
	some value in condition.values
	lower(value.text) == "false"
}
