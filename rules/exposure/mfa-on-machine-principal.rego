# METADATA
# title: MFA condition on a machine or with IfExists
# description: >-
#   A machine has no second factor, so requests of a service-linked role or a service never have
#   aws:MultiFactorAuthPresent. With BoolIfExists, an Allow also lets in requests without the key, such as those
#   with long-term access keys.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: Write Bool for people, and no MFA condition for machines.
package keypolicy.rules.exposure["mfa-on-machine-principal"]

import data.keypolicy.lib

findings contains lib.because("if-exists", lib.operator_written(lib.at_key(condition.operator.path, message), input.statement, condition.operator.path, "Bool")) if {
	input.statement.effect.text == "Allow"
	lib.takes_effect(input.statement)
	some condition in input.statement.conditions
	_asks_for_mfa(condition)
	condition.operator.if_exists
	message := sprintf("statement %s also lets in callers that send no `%s`, such as all callers with access keys", [lib.name(input.statement), condition.key.text])
}

findings contains lib.because("machine", lib.at_key(condition.key.path, message)) if {
	input.statement.effect.text == "Allow"
	some condition in input.statement.conditions
	_asks_for_mfa(condition)
	not condition.operator.if_exists
	machines := [p.text | some p in input.statement.principals; startswith(p.name_path, "aws-service-role/")]
	count(machines) > 0
	message := sprintf("%s is a machine and has no second factor", [lib.several(machines)])
}

_asks_for_mfa(condition) if {
	lower(condition.key.name) == "aws:multifactorauthpresent"
	condition.operator.base == "Bool"
	some value in condition.values
	lower(value.text) == "true"
}
