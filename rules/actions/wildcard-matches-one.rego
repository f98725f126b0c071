# METADATA
# title: Action pattern matches only one action
# description: >-
#   A pattern that matches only one action today also matches each action of such a name that AWS adds later.
# related_resources:
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Write the action itself.
package keypolicy.rules.actions["wildcard-matches-one"]

import data.keypolicy.lib

findings contains lib.written(lib.at(action.path, message), action.matches[0]) if {
	some action in lib.all_actions(input.statement)
	action.wildcard
	count(action.matches) == 1
	message := sprintf("`%s` matches only one action today: `%s`", [action.text, action.matches[0]])
}
