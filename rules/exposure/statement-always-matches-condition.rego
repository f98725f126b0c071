# METADATA
# title: Condition that every request meets
# description: >-
#   A condition that every request meets limits nothing, and reads as if it did.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: >-
#     Drop it, or write the value that is meant.
package keypolicy.rules.exposure["statement-always-matches-condition"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	lib.takes_effect(input.statement)
	some condition in input.statement.conditions
	condition.operator.wildcards
	not condition.operator.negated
	_always_there(condition)
	not _is_told
	some value in condition.values
	regex.match(`^[*]+$`, value.text)
	message := sprintf("every request has `%s`, and every value is like `%s`: it limits nothing in statement %s", [condition.key.text, value.text, lib.name(input.statement)])
}

_always_there(condition) if condition.key.presence == "always"

_always_there(condition) if condition.operator.if_exists

_always_there(condition) if condition.operator.set == "ForAllValues"

# Users and roles always have an ARN.
_always_there(condition) if {
	lower(condition.key.name) == "aws:principalarn"
	every p in input.statement.principals {
		p.kind in {"account", "user", "role", "session"}
	}
}

# Who gets in by it is told by another rule.
_is_told if {
	input.statement.effect.text == "Allow"
	some p in input.statement.principals
	p.kind == "anyone"
}
