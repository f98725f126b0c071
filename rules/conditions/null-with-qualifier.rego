# METADATA
# title: Null operator with a set prefix or IfExists
# description: >-
#   Null asks whether a request has the key. It takes neither IfExists nor a set operator.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write only Null.
package keypolicy.rules.conditions["null-with-qualifier"]

import data.keypolicy.lib

findings contains lib.operator_written(lib.at_key(operator.path, message), input.statement, operator.path, "Null") if {
	some operator in _qualified
	message := sprintf("`%s` is not an operator: `Null` takes neither `IfExists` nor a set operator", [operator.text])
}

_qualified contains condition.operator if {
	some condition in input.statement.conditions
	lower(condition.operator.text) == "nullifexists"
}

_qualified contains condition.operator if {
	some condition in input.statement.conditions
	condition.operator.base == "Null"
	condition.operator.set != ""
}
