# METADATA
# title: The value has the form that the operator compares
# description: >-
#   Bool compares true and false, Numeric operators numbers, Date operators dates of ISO 8601 or seconds, IpAddress
#   addresses and ranges, Arn operators ARNs. Another value matches nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Write a value of that form.
package keypolicy.rules.conditions["condition-value-type"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	some condition in input.statement.conditions
	not condition.operator.family in {"", "String"}
	lower(condition.key.name) != "aws:sourcearn" # a rule of its own
	_fits(condition)
	some value in condition.values
	not value.parses
	message := sprintf("`%s` is %s, and that is what %s compares: it matches nothing", [value.text, _kinds[condition.operator.family], lib.code(condition.operator.text)])
}

# An operator that does not compare such a key is told by another rule.
_fits(condition) if not condition.key.known

_fits(condition) if condition.operator.family == "Null"

_fits(condition) if condition.operator.family in condition.key.families

_kinds := {
	"Bool": "neither `true` nor `false`", "Null": "neither `true` nor `false`", "Numeric": "no number", "Date": "no date",
	"IpAddress": "neither an address nor a range", "Binary": "no Base64", "Arn": "no ARN of six parts",
}
