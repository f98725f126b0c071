# METADATA
# title: Duplicate action
# description: >-
#   The names of actions are not case-sensitive, and an action that is repeated has no effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Remove the repeated action.
package keypolicy.rules.actions["duplicate-action"]

import data.keypolicy.lib

findings contains lib.pair(lib.at(second.path, message), first.path, "the first is here") if {
	some list in [input.statement.actions, input.statement.not_actions]
	count(list) > 1
	some j, second in list
	some i, first in list
	i < j
	lower(first.text) == lower(second.text)
	not _earlier(list, i, first)
	message := sprintf("`%s` is listed twice", [second.text])
}

# Of three equal ones each is reported beside the first.
_earlier(list, i, action) if {
	some k, other in list
	k < i
	lower(other.text) == lower(action.text)
}
