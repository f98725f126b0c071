# METADATA
# title: Multivalued condition key without a set operator
# description: >-
#   Some condition keys have several values in one request. ForAnyValue and ForAllValues say whether any or all of
#   them have to match; without either, AWS does not document what the condition means.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Write ForAnyValue before the operator if one matching value is enough, or ForAllValues if all values have to
#     match.
package keypolicy.rules.conditions["multivalued-without-set-operator"]

import data.keypolicy.lib

findings contains _helped(condition, lib.at_key(condition.operator.path, message)) if {
	some condition in input.statement.conditions
	condition.key.set_operator_required
	not condition.key.iam_only # KMS refuses it whatever the operator: another rule reports it
	condition.operator.known
	not lib.mismatched(condition) # another rule reports it
	condition.operator.set == ""
	condition.operator.base != "Null"
	message := sprintf("`%s` can have several values in one request, and `%s` does not say how many have to match", [condition.key.text, condition.operator.text])
}

# With ForAnyValue, one allowed operation would let all others in.
_helped(condition, finding) := lib.operator_written(finding, input.statement, condition.operator.path, sprintf("ForAllValues:%s", [condition.operator.text])) if {
	_needs_all(condition)
}

_helped(condition, finding) := finding if not _needs_all(condition)

_needs_all(condition) if {
	lower(condition.key.name) == "kms:grantoperations"
	input.statement.effect.text == "Allow"
}
