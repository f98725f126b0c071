# METADATA
# title: Statement without Sid
# description: >-
#   A statement without Sid has no name but its position, which another statement takes when one is added above:
#   findings, suppressions and differences then speak of another.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: >-
#     Write a Sid that says what the statement is for. A key policy's may have spaces.
package keypolicy.rules.grammar["missing-sid"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	lib.lacks(input.statement.elements, {"Sid"})
	message := sprintf("statement %s has no `Sid`, so nothing names it", [lib.name(input.statement)])
}
