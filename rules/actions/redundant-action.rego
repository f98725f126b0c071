# METADATA
# title: Action covered by a pattern in the same list
# description: >-
#   An action that a pattern in the same list already matches has no effect, and is easily overlooked when the
#   pattern is narrowed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Remove the action, or the pattern.
package keypolicy.rules.actions["redundant-action"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(action.path, message), pattern.path, "this covers it") if {
	some list in [input.statement.actions, input.statement.not_actions]
	count(list) > 1
	some pattern in list
	pattern.wildcard
	covered := {name | some name in pattern.matches}
	some action in list
	lower(action.text) != lower(pattern.text)
	count(action.matches) > 0
	count(action.matches) < count(covered)
	every name in action.matches {
		name in covered
	}
	message := sprintf("`%s` covers `%s`", [pattern.text, action.text])
}
