# METADATA
# title: A yes-or-no condition says which
# description: >-
#   The values of a condition are alternatives. With both true and false it holds for every request that has the key,
#   and a Null for every request.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Write the one value that is meant, or drop the condition.
package keypolicy.rules.conditions["bool-with-two-values"]

import data.keypolicy.lib

findings contains lib.at(condition.values[1].path, message) if {
	some condition in input.statement.conditions
	condition.operator.family in {"Bool", "Null"}
	texts := {lower(value.text) | some value in condition.values}
	texts == {"true", "false"}
	message := sprintf("%s is both true and false, so it limits nothing", [lib.by(condition)])
}
