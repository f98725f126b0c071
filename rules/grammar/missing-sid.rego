# METADATA
# title: Statement without Sid
# description: >-
#   A statement without Sid is identified by its position. When another statement is added above it, findings,
#   suppressions and differences refer to a different statement.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Write a Sid that says what the statement is for. In a key policy it can contain spaces.
package keypolicy.rules.grammar["missing-sid"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	lib.lacks(input.statement.elements, {"Sid"})
	message := sprintf("statement %s has no `Sid`, so only its position identifies it", [lib.name(input.statement)])
}
