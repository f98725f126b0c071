# METADATA
# title: Condition key needs an action that the statement lacks
# description: >-
#   KMS sends some condition keys only with some operations. If the statement has none of their actions, the
#   condition is never met or, with IfExists and with negated operators, limits nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Remove the condition here. If it is for another action, write it in the statement of that action.
package keypolicy.rules.conditions["condition-needs-action"]

import data.keypolicy.lib

findings contains lib.at_key(condition.key.path, message) if {
	some condition in input.statement.conditions
	condition.key.known
	count(condition.key.never_with) > 0
	reached := {name | some action in input.statement.actions; some name in action.effective}
	count(reached) > 0
	never := {name | some name in condition.key.never_with}
	count(reached - never) == 0
	message := sprintf("KMS accepts the policy, but %s: KMS sends `%s` %s", [_effect(condition), condition.key.text, lib.only_with(condition.key)])
}

_effect(condition) := sprintf("statement %s never matches", [lib.name(input.statement)]) if not lib.absent_passes(condition)

_effect(condition) := sprintf("this condition limits nothing in statement %s", [lib.name(input.statement)]) if lib.absent_passes(condition)
