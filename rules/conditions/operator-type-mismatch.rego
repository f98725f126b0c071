# METADATA
# title: Condition operator does not fit the condition key's type
# description: >-
#   An operator that does not compare values of the key's type never matches. For example, StringEquals on
#   aws:SourceIp compares text, and 10.0.0.0/8 is not the address of a request.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write an operator for the key's type.
package keypolicy.rules.conditions["operator-type-mismatch"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	condition.operator.known
	condition.key.known
	count(condition.key.families) > 0
	not condition.operator.family in {"Null", ""}
	not condition.operator.family in condition.key.families
	finding := _finding(condition)
}

_finding(condition) := _helped(condition, lib.at_key(condition.operator.path, message)) if {
	not lib.compares_text(condition)
	message := sprintf("%s: the condition key is of type %s, which this operator does not compare", [lib.by(condition), condition.key.type])
}

# It compares the text, which works where the text is as AWS writes it.
_finding(condition) := object.union(_helped(condition, lib.at_key(condition.operator.path, message)), {"severity": "info"}) if {
	lib.compares_text(condition)
	message := sprintf("%s compares text, but the condition key is of type %s", [lib.by(condition), condition.key.type])
}

# The operator that asks the same of the key's type, where there is one.
_helped(condition, finding) := lib.operator_written(finding, input.statement, condition.operator.path, _qualified(condition, name)) if {
	name := _same(condition)
	_has_values_of_type(condition)
}

_helped(condition, finding) := lib.remedied(finding, help) if {
	not _same(condition)
	_has_values_of_type(condition)
	help := sprintf("write an operator for %s, as `%s`", [condition.key.type, _example[condition.key.families[0]]])
}

_helped(condition, finding) := lib.remedied(finding, help) if {
	not _has_values_of_type(condition)
	family := condition.key.families[0]
	help := sprintf("write an operator for %s and a value of that type%s", [condition.key.type, _sample(family, condition.key.text)])
}

_sample(family, key) := sprintf(", as `\"%s\": {\"%s\": \"%s\"}`", [_example[family], key, _value[family]])

_sample(family, _) := "" if not _value[family]

# With another operator only, its values would be reported.
_has_values_of_type(condition) if {
	not _is_of_network(condition)
	every value in condition.values {
		regex.match(object.get(_written, condition.key.families[0], ""), value.text)
	}
}

# No key but a tag has an address as its text.
_is_of_network(condition) if {
	condition.operator.family == "IpAddress"
	condition.key.type in {"String", "ARN"}
	condition.key.suffix == ""
	some value in condition.values
	value.parses
}

_written := {
	"Arn": `^arn:`, "Bool": `^(?i:true|false)$|\$\{`, "Date": `^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?$|^[0-9]+$`,
	"IpAddress": `^[0-9a-fA-F.:]+(/[0-9]+)?$`, "Numeric": `^-?[0-9]+([.][0-9]+)?$`, "String": "",
}

_value := {
	"Bool": "true", "Date": "2030-01-31T00:00:00Z", "IpAddress": "203.0.113.0/24", "Numeric": "7",
}

_same(condition) := _equal[condition.key.families[0]] if not condition.operator.negated

_same(condition) := _unequal[condition.key.families[0]] if condition.operator.negated

_equal := {"IpAddress": "IpAddress", "Bool": "Bool", "Numeric": "NumericEquals", "Arn": "ArnLike", "String": "StringEquals"}

_unequal := {"IpAddress": "NotIpAddress", "Numeric": "NumericNotEquals", "Arn": "ArnNotLike", "String": "StringNotEquals"}

_example := {"IpAddress": "IpAddress", "Bool": "Bool", "Date": "DateLessThan", "Numeric": "NumericEquals", "Arn": "ArnLike", "String": "StringEquals"}

_qualified(condition, name) := concat("", [_set(condition), name, _if_exists(condition)])

_set(condition) := "" if condition.operator.set == ""

_set(condition) := sprintf("%s:", [condition.operator.set]) if condition.operator.set != ""

_if_exists(condition) := "IfExists" if condition.operator.if_exists

_if_exists(condition) := "" if not condition.operator.if_exists
