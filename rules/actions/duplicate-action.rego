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
	some name, places in _same
	first := _lists[name[0]][min(places)]
	some i in places
	i > min(places)
	second := _lists[name[0]][i]
	message := sprintf("`%s` is listed twice", [second.text])
}

# Of three equal ones each is reported beside the first.
_lists := [input.statement.actions, input.statement.not_actions]

_same[name] contains i if {
	some at, list in _lists
	some i, action in list
	name := [at, lower(action.text)]
}
