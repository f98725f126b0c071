# METADATA
# title: Action pattern matches no action
# description: >-
#   KMS accepts an action pattern that matches no action. In an Allow the pattern allows nothing, and in a Deny it
#   denies nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   severity: error
#   subject: statement
#   when: [odd_actions]
#   remedy: Write a pattern that matches existing actions, or the action itself.
package keypolicy.rules.actions["wildcard-matches-nothing"]

import data.keypolicy.lib

findings contains finding if {
	some action in lib.all_actions(input.statement)
	action.wildcard
	lib.of_kms(action)
	regex.match(`^[A-Za-z0-9*?]+$`, action.name)
	count(action.matches) == 0
	message := sprintf("no action of KMS matches `%s`, so in statement %s it %s nothing", [
		action.text,
		lib.name(input.statement), lib.does(input.statement),
	])
	finding := _finding(action, message)
}

_finding(action, message) := lib.at(action.path, message) if action.nearest == ""

_finding(action, message) := lib.meant(lib.at(action.path, message), action.nearest) if action.nearest != ""
