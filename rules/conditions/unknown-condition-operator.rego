# METADATA
# title: Unknown condition operator
# description: >-
#   IAM has a fixed list of condition operators. KMS refuses a policy with any other.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write an operator of IAM, such as StringEquals or ForAnyValue:StringLike.
package keypolicy.rules.conditions["unknown-condition-operator"]

import data.keypolicy.lib

findings contains finding if {
	some operator in _unknown
	not _is_null_with_suffix(operator)
	finding := _finding(operator)
}

# A condition represents each key under the operator; it is reported once.
_unknown contains condition.operator if {
	some condition in input.statement.conditions
	not condition.operator.known
	not lib.has_placeholder(condition.operator.text)
}

# Another rule reports it.
_is_null_with_suffix(operator) if lower(operator.text) == "nullifexists"

_finding(operator) := lib.at_key(operator.path, message) if {
	operator.nearest == ""
	message := sprintf("IAM has no condition operator `%s`: KMS refuses the policy", [operator.text])
}

_finding(operator) := lib.operator_meant(lib.at_key(operator.path, message), input.statement, operator.path, operator.nearest) if {
	operator.nearest != ""
	lower(operator.nearest) != lower(operator.text)
	message := sprintf("IAM has no condition operator `%s`: KMS refuses the policy", [operator.text])
}

# AWS's pages do not say whether case counts in the name of an operator.
_finding(operator) := object.union(lib.operator_written(lib.at_key(operator.path, message), input.statement, operator.path, operator.nearest), {"severity": "warning"}) if {
	operator.nearest != ""
	lower(operator.nearest) == lower(operator.text)
	message := sprintf("IAM writes the condition operator `%s` as `%s`", [operator.text, operator.nearest])
}
