# METADATA
# title: Action not spelled as AWS spells it
# description: >-
#   AWS ignores case in the names of actions, but text searches and tools that read policies do not.
# related_resources:
#   - ref: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Write the action as AWS spells it.
package keypolicy.rules.actions["action-name-case"]

import data.keypolicy.lib

findings contains lib.written(lib.at(action.path, message), action.spelled) if {
	some action in lib.all_actions(input.statement)
	action.known
	action.text != action.spelled
	message := sprintf("AWS writes `%s` as `%s`", [action.text, action.spelled])
}
