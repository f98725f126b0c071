# METADATA
# title: Condition value of the wrong type
# description: >-
#   Bool compares true and false, Numeric operators compare numbers, Date operators compare ISO 8601 dates or epoch
#   seconds, IpAddress compares addresses and CIDR ranges, and Arn operators compare ARNs. Any other value matches
#   nothing. String operators compare any text, but the values of some condition keys have a form, such as an ARN or
#   the name of a Region, and a text without this form matches nothing either. AWS does not document how it reads an
#   ISO 8601 date outside of the W3C profile, or a value of four or eight digits, which may be a date or seconds;
#   these are warnings.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write a value of the type that the operator compares, in the form that the condition key has.
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

# A String operator compares any text; the key's values have a form.
findings contains object.union(_helped(condition, value, lib.at(value.path, message)), _surplus(condition)) if {
	some condition in input.statement.conditions
	condition.operator.family == "String"
	form := _forms[condition.key.form]
	not _is_source_arn(condition)
	some value in condition.values
	value.possible == false
	not lib.is_literal_pattern(condition, value)
	message := sprintf("`%s` is not %s, so it is never a value of `%s`", [value.text, form, condition.key.text])
}

# The forms for which there is no rule of its own.
_forms := {
	"arn": "an ARN", "principal_arn": "the ARN of a principal", "region": "the name of a Region",
	"service_name": "the name of a service, such as `athena.amazonaws.com`",
}

# Beside a value that can match, it takes nothing away.
_surplus(condition) := {"severity": "warning"} if _another_fits(condition)

_surplus(condition) := {} if not _another_fits(condition)

_another_fits(condition) if {
	input.statement.effect.text == "Allow"
	not condition.operator.negated
	some value in condition.values
	value.possible
}

_helped(condition, value, finding) := lib.quoted(finding, arn) if {
	arn := _arn_of(condition.key.form, value.text)
} else := lib.quoted(finding, region) if {
	condition.key.form == "region"
	region := regex.replace(lower(value.text), `[a-z]$`, "") # of an Availability Zone
	regex.match(`^[a-z]+(-[a-z]+)+-[0-9]+$`, region)
} else := lib.remedied(finding, _example[condition.key.form])

# A name of the key's account.
_arn_of(form, text) := sprintf("arn:%s:iam::%s:%s", [input.key.partition, input.key.account, text]) if {
	form in {"arn", "principal_arn"}
	regex.match(`^(role|user)/[A-Za-z0-9_+=,.@/-]*[A-Za-z0-9_+=,.@-]$`, text)
	input.key.account != ""
}

_example := {
	"arn": "write an ARN", "principal_arn": "write the ARN of a user, a role or an account's root principal",
	"region": "write the name of a Region", "service_name": "write the name of a service with its ending, such as `athena.amazonaws.com`",
}
