# METADATA
# title: Statement without Effect
# description: >-
#   Every statement allows or denies, and there is no default. KMS refuses a policy with a statement that says
#   neither.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html
# custom:
#   severity: error
#   subject: statement
#   when: [faults]
#   remedy: >-
#     Write "Effect": "Allow", or "Deny".
package keypolicy.rules.grammar["missing-effect"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	lib.lacks(input.statement.elements, {"Effect"})
	message := sprintf("statement %s has no `Effect`: it neither allows nor denies", [lib.name(input.statement)])
}
