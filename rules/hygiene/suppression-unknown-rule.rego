# METADATA
# title: A suppression names a rule
# description: >-
#   A suppression of a rule that does not exist suppresses nothing, and whoever reads it takes the finding for accepted.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: error
#   subject: suppressions
#   remedy: Write the rule's name as the finding shows it in brackets; `keypolicy rules` lists them.
package keypolicy.rules.hygiene["suppression-unknown-rule"]

import data.keypolicy.lib

findings contains finding if {
	some s in input.suppressions
	some rule in s.rules
	not rule.known
	finding := _finding(lib.at(rule.path, sprintf("there is no rule %s", [lib.code(rule.text)])), rule.nearest)
}

findings contains lib.because("no-rule", lib.at(s.path, "the suppression names no rule")) if {
	some s in input.suppressions
	count(s.rules) == 0
}

_finding(finding, "") := finding

_finding(finding, nearest) := lib.remedied(finding, sprintf("did you mean %s?", [lib.code(nearest)])) if nearest != ""
