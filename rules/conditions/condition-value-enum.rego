# METADATA
# title: Condition value that the condition key cannot have
# description: >-
#   Some condition keys, such as kms:KeySpec and kms:GrantOperations, have a fixed list of values. No request
#   matches a value that is not on it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write a value of the list, in its case.
package keypolicy.rules.conditions["condition-value-enum"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	count(condition.key.allowed) > 0
	condition.operator.family == "String"
	condition.key.type == "String"
	some value in condition.values
	not value.possible
	not _is_literal_wildcard(condition, value)
	message := sprintf("`%s` is not a value of `%s`: %s", [value.text, condition.key.text, _effect(condition)])
	finding := _helped(condition, value, lib.at(value.path, message))
}

# Another rule reports it.
_is_literal_wildcard(condition, value) if {
	not condition.operator.wildcards
	regex.match(`[*?]`, value.text)
}

_effect(condition) := "no request matches it" if not condition.operator.negated

_effect(condition) := "every request matches it" if condition.operator.negated

_helped(_, value, finding) := lib.meant(finding, value.nearest) if value.nearest != ""

_helped(condition, value, finding) := lib.remedied(finding, sprintf("write one of %s", [concat(", ", condition.key.allowed)])) if value.nearest == ""
