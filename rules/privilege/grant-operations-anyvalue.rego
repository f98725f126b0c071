# METADATA
# title: kms:GrantOperations limited with ForAnyValue
# description: >-
#   A grant lists several operations. ForAnyValue is met as soon as one of them is on the list, so the grant can
#   contain every other operation too, and the condition limits nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-operations
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: Write ForAllValues in place of ForAnyValue.
package keypolicy.rules.privilege["grant-operations-anyvalue"]

import data.keypolicy.lib

findings contains lib.operator_written(lib.at_key(condition.operator.path, message), input.statement, condition.operator.path, sprintf("ForAllValues:%s", [trim_prefix(condition.operator.text, "ForAnyValue:")])) if {
	some condition in input.statement.conditions
	condition.key.name == "kms:GrantOperations"
	condition.operator.set == "ForAnyValue"
	not condition.operator.negated
	condition.operator.base != "Null"
	lib.gives(input.statement, "kms:CreateGrant")
	some holder in input.statement.principals
	lib.able(holder, {"kms:CreateGrant"})
	message := sprintf(
		"statement %s allows a grant with any operations, as long as one of them is listed (%s): `ForAnyValue` accepts the others too",
		[lib.name(input.statement), lib.several([v.text | some v in condition.values])],
	)
}
