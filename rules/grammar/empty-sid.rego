# METADATA
# title: Empty Sid
# description: >-
#   An empty Sid is valid but identifies nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Remove the Sid, or write what the statement is for.
package keypolicy.rules.grammar["empty-sid"]

import data.keypolicy.lib

findings contains lib.at(path, message) if {
	path := lib.empty(input.statement, "Sid")
	message := sprintf("statement %s has an empty `Sid`", [lib.name(input.statement)])
}
