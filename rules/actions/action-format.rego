# METADATA
# title: Malformed action name
# description: >-
#   An action is the service prefix, one colon and the action's name, and only the name can contain wildcards. IAM
#   refuses other forms in IAM policies, and in a key policy they never do what was intended.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
# custom:
#   severity: error
#   subject: statement
#   when: [odd_actions]
#   remedy: >-
#     Write kms: and the name of the action.
package keypolicy.rules.actions["action-format"]

import data.keypolicy.lib

findings contains finding if {
	some action in lib.all_actions(input.statement)
	not lib.has_placeholder(action.text)
	fault := _fault(action)
	message := sprintf("`%s` is not an action: %s", [action.text, fault])
	finding := _finding(action, message)
}

# What is wrong with it: the first that holds.
_fault(action) := "it is empty" if {
	action.text == ""
} else := "the service before it is missing" if {
	not contains(action.text, ":")
	action.text != "*"
} else := "it has more than one colon" if {
	contains(action.name, ":")
} else := "the service before the colon is missing" if {
	startswith(action.text, ":")
} else := "the name after the colon is missing" if {
	endswith(action.text, ":")
} else := "it has a space" if {
	contains(action.text, ":")
	contains(action.text, " ")
} else := sprintf("the name of an action cannot contain `%s`", [odd[0]]) if {
	contains(action.text, ":")
	odd := regex.find_n(`[^A-Za-z0-9*?]`, action.name, 1)
	count(odd) > 0
} else := "the service cannot contain a wildcard" if {
	contains(action.text, ":")
	regex.match(`[*?]`, action.service)
	action.text != "*:*"
}

_finding(action, message) := lib.remedied(lib.at(action.path, message), help) if {
	help := lib.separate(action.text, `^kms:[A-Za-z]+[*]?$`)
} else := lib.written(lib.at(action.path, message), meant) if {
	meant := _meant(action)
} else := lib.at(action.path, message)

# What was meant, where KMS has it.
_meant(action) := meant if {
	words := [w | some w in split(replace(action.text, " ", ""), ":"); w != ""]
	count(words) > 0
	name := words[count(words) - 1]
	meant := concat(":", ["kms", name])
	regex.match(`^[A-Z][A-Za-z]+[*]?$`, name)
} else := concat(":", ["kms", name]) if {
	startswith(action.text, "kms:")
	name := regex.replace(substring(action.text, 4, -1), `[^A-Za-z0-9*?]`, "")
	regex.match(`[^A-Za-z0-9*? :]`, action.name)
}
