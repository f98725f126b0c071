# METADATA
# title: Empty condition
# description: >-
#   An empty Condition limits nothing. A condition without values matches nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   enabled: false
#   remedy: Remove an empty Condition, or add the value that is missing.
package keypolicy.rules.conditions["empty-condition"]

import data.keypolicy.lib

findings contains lib.at(path, message) if {
	path := lib.empty(input.statement, "Condition")
	message := sprintf("the `Condition` of statement %s is empty: it limits nothing", [lib.name(input.statement)])
}

findings contains lib.at_key(condition.key.path, message) if {
	some condition in input.statement.conditions
	count(condition.values) == 0
	message := sprintf("%s has no value: %s", [lib.by(condition), _effect(condition)])
}

_effect(condition) := "it matches nothing" if not lib.absent_passes(condition)

_effect(condition) := "it limits nothing" if lib.absent_passes(condition)
