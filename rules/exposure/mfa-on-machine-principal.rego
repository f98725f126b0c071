# METADATA
# title: MFA condition on a machine or with IfExists
# description: >-
#   A machine has no second factor, so requests of a service-linked role or a service never have
#   aws:MultiFactorAuthPresent as true, and an Allow that requires it gives them nothing: a warning. With
#   BoolIfExists, an Allow also lets in requests without the key, such as those with long-term access keys.
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

findings contains object.union(lib.because("machine", lib.at_key(condition.key.path, message)), {"severity": "warning"}) if {
	st := input.statement
	st.effect.text == "Allow"
	lib.takes_effect(st) # otherwise another rule reports it
	some condition in st.conditions
	_needs_mfa(condition)
	machines := [p.text | some p in st.principals; _is_machine(p)]
	count(machines) > 0
	message := sprintf("statement %s gives %s nothing: a machine has no second factor", [lib.name(st), lib.several(machines)])
}

_is_machine(p) if p.kind == "service"

_is_machine(p) if startswith(p.name_path, "aws-service-role/")

_needs_mfa(condition) if {
	_asks_for_mfa(condition)
	not condition.operator.if_exists
}

_needs_mfa(condition) if {
	lower(condition.key.name) == "aws:multifactorauthage"
	not lib.absent_passes(condition)
	condition.operator.base != "Null"
}

_asks_for_mfa(condition) if {
	lower(condition.key.name) == "aws:multifactorauthpresent"
	condition.operator.base == "Bool"
	some value in condition.values
	lower(value.text) == "true"
}
