# METADATA
# title: Condition that every request meets
# description: >-
#   A condition that every request meets limits nothing, although it looks like a limit.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   access: [left]
#   remedy: Remove it, or write the value that is meant.
package keypolicy.rules.exposure["statement-always-matches-condition"]

import data.keypolicy.lib

findings contains lib.at(value.path, message) if {
	lib.takes_effect(input.statement)
	some condition in input.statement.conditions
	condition.operator.wildcards
	not condition.operator.negated
	claim := _met(condition)
	not _is_told
	some value in condition.values
	regex.match(`^[*]+$`, value.text)
	message := sprintf("%s, and every value matches `%s`: it limits nothing in statement %s", [claim, value.text, lib.name(input.statement)])
}

# Why no request fails it.
_met(condition) := sprintf("every request has `%s`", [condition.key.text]) if _always_there(condition)

_met(condition) := sprintf("a request without `%s` meets it", [condition.key.text]) if {
	not _always_there(condition)
	_holds_without(condition)
}

_holds_without(condition) if condition.operator.if_exists

_holds_without(condition) if condition.operator.set == "ForAllValues"

_always_there(condition) if condition.key.presence == "always"

# Users and roles always have an ARN.
_always_there(condition) if {
	lower(condition.key.name) == "aws:principalarn"
	every p in input.statement.principals {
		p.kind in {"account", "user", "role", "session"}
	}
}

# Who gets in by it is reported by another rule.
_is_told if {
	input.statement.effect.text == "Allow"
	some p in input.statement.principals
	p.kind == "anyone"
}
