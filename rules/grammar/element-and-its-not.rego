# METADATA
# title: Element and its Not form in one statement
# description: >-
#   Action and NotAction, Principal and NotPrincipal, and Resource and NotResource exclude each other. The policy
#   grammar does not allow both in one statement.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   severity: error
#   subject: statement
#   when: [faults]
#   remedy: Keep the element without Not. To leave out some of what it names, write a Deny of those.
package keypolicy.rules.grammar["element-and-its-not"]

import data.keypolicy.lib

findings contains lib.pair(lib.at_key(later.path, message), earlier.path, sprintf("`%s` is here", [earlier.name])) if {
	some [name, other] in [["Principal", "NotPrincipal"], ["Action", "NotAction"], ["Resource", "NotResource"]]
	both := [e | some e in input.statement.elements; e.name in {name, other}]
	count(both) == 2
	[earlier, later] := both
	message := sprintf("statement %s has `%s` and `%s`, which exclude each other", [lib.name(input.statement), earlier.name, later.name])
}
