# METADATA
# title: Condition value of the wrong type
# description: >-
#   Bool compares true and false, Numeric operators compare numbers, Date operators compare ISO 8601 dates or epoch
#   seconds, IpAddress compares addresses and CIDR ranges, and Arn operators compare ARNs. Any other value matches
#   nothing. AWS does not document how it reads an ISO 8601 date outside of the W3C profile, or a value of four or
#   eight digits, which may be a date or seconds; these are warnings.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write a value of the type that the operator compares.
package keypolicy.rules.conditions["condition-value-type"]

import data.keypolicy.lib

findings contains object.union(lib.at(value.path, message), _severity(value)) if {
	some condition in input.statement.conditions
	not condition.operator.family in {"", "String"}
	not _is_source_arn(condition) # a rule of its own
	_fits(condition)
	some value in condition.values
	not value.parses
	message := _message(condition, value)
}

_is_source_arn(condition) if {
	lower(condition.key.name) == "aws:sourcearn"
	condition.operator.family != "Null"
}

_severity(value) := {"severity": "warning"} if value.doubtful

_severity(value) := {} if not value.doubtful

_message(_, value) := sprintf("AWS does not document how it reads the date `%s`: write it as 2026-01-31T00:00:00Z, or in seconds", [value.text]) if value.doubtful

_message(condition, value) := sprintf("`%s` is %s, so it matches nothing under %s", [
	value.text, _kinds[condition.operator.family], lib.code(condition.operator.text),
]) if {
	not value.doubtful
}

# An operator that does not compare such a key is reported by another rule.
_fits(condition) if not condition.key.known

_fits(condition) if condition.operator.family == "Null"

_fits(condition) if condition.operator.family in condition.key.families

_kinds := {
	"Bool": "neither `true` nor `false`", "Null": "neither `true` nor `false`", "Numeric": "not a number", "Date": "not a date",
	"IpAddress": "neither an address nor a range", "Binary": "not Base64", "Arn": "not an ARN of six parts",
}
