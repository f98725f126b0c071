# METADATA
# title: Bool or Null condition with both values
# description: >-
#   The values of a condition are alternatives. With both true and false, a Bool condition is met by every request
#   that has the key, and a Null condition by every request. A tag can have other values too, so both values of a
#   tag's key are an ordinary list.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Keep the value that is meant.
package keypolicy.rules.conditions["bool-with-two-values"]

import data.keypolicy.lib

findings contains lib.among(lib.at(condition.values[1].path, message), [value.path | some value in condition.values]) if {
	some condition in input.statement.conditions
	condition.operator.family in {"Bool", "Null"}
	not _of_text(condition)
	texts := {lower(value.text) | some value in condition.values}
	texts == {"true", "false"}
	message := sprintf("%s has both true and false, so it %s", [lib.by(condition), _effect(condition)])
}

_of_text(condition) if {
	condition.operator.family == "Bool"
	condition.key.type == "String"
}

_effect(condition) := "limits nothing" if _limits_nothing(condition)

_effect(condition) := "requires only that a request has the key" if not _limits_nothing(condition)

_limits_nothing(condition) if condition.operator.family == "Null"

_limits_nothing(condition) if lib.absent_passes(condition)

_limits_nothing(condition) if condition.key.presence == "always"
