# METADATA
# title: Set operator on a single-valued condition key
# description: >-
#   A request without the key meets ForAllValues, so on a key with one value it lets in requests that the condition
#   should keep out. KMS refuses it on kms:EncryptionContext: and aws:RequestTag/ (OverlyPermissiveCondition).
#   ForAnyValue has no effect on a key with one value.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Write the operator without ForAllValues or ForAnyValue.
package keypolicy.rules.conditions["set-operator-on-single-valued"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	condition.key.known
	not condition.key.multivalued
	condition.operator.known
	condition.operator.set != ""
	condition.operator.base != "Null"
	finding := object.union(lib.operator_written(lib.at_key(condition.operator.path, _message(condition)), input.statement, condition.operator.path, _without(condition)), {"severity": _severity(condition)})
}

_message(condition) := sprintf("KMS refuses `ForAllValues` on `%s`, because it lets in every request without the key", [condition.key.text]) if _refused(condition)

_message(condition) := sprintf("`%s` has one value: `ForAllValues` lets in every request without it", [condition.key.text]) if {
	not _refused(condition)
	condition.operator.set == "ForAllValues"
}

_message(condition) := sprintf("`%s` has one value, on which `ForAnyValue` has no effect", [condition.key.text]) if condition.operator.set == "ForAnyValue"

_severity(condition) := "error" if _refused(condition)

_severity(condition) := "warning" if {
	not _refused(condition)
	condition.operator.set == "ForAllValues"
}

# It works: guides of AWS's services have it.
_severity(condition) := "info" if condition.operator.set == "ForAnyValue"

_refused(condition) if {
	condition.key.for_all_values_refused
	condition.operator.set == "ForAllValues"
}

_without(condition) := condition.operator.base if not condition.operator.if_exists

_without(condition) := concat("", [condition.operator.base, "IfExists"]) if condition.operator.if_exists
