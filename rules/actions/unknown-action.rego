# METADATA
# title: Unknown KMS action
# description: >-
#   KMS accepts a policy with an action that does not exist. In an Allow the action allows nothing, and in a Deny it
#   denies nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   severity: error
#   subject: statement
#   when: [odd_actions]
#   remedy: Write the action as AWS spells it.
package keypolicy.rules.actions["unknown-action"]

import data.keypolicy.lib

findings contains finding if {
	some action in lib.all_actions(input.statement)
	lib.of_kms(action)
	not action.wildcard
	not action.known
	regex.match(`^[A-Za-z0-9]+$`, action.name) # what has another form is reported by another rule
	not lower(action.name) in _operations
	message := sprintf("KMS has no action `%s`, so in statement %s it %s nothing", [
		action.text,
		lib.name(input.statement), lib.does(input.statement),
	])
	finding := _finding(action, message)
}

_finding(action, message) := lib.at(action.path, message) if {
	action.nearest == ""
	not input.facts.old
}

# AWS adds actions. The facts are old, and this is like none that they know.
_finding(action, _) := object.union(lib.because("facts-older-than-action", lib.at(action.path, message)), {"severity": "info"}) if {
	action.nearest == ""
	input.facts.old
	message := sprintf("`%s` is not among the KMS actions that keypolicy knows, and its list is more than a year old", [action.text])
}

_finding(action, message) := lib.meant(lib.at(action.path, message), action.nearest) if {
	action.nearest != ""
}

# Names of operations that need an action of another name: a rule of their own says which.
_operations := {"reencrypt"}
