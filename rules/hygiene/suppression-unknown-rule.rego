# METADATA
# title: Suppression names an unknown rule
# description: >-
#   A suppression of a rule that does not exist suppresses nothing, although it looks as if the finding were
#   accepted. A former name of a rule still works, and is reported as a warning.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: error
#   subject: suppressions
#   remedy: Write the rule's name as the finding shows it in brackets, without what follows a slash; `keypolicy rules` lists them.
package keypolicy.rules.hygiene["suppression-unknown-rule"]

import data.keypolicy.lib

findings contains finding if {
	some s in input.suppressions
	some rule in s.rules
	not rule.known
	finding := _finding(lib.at(rule.path, sprintf("there is no rule %s", [lib.code(rule.text)])), rule.nearest)
}

# Once for each old name, however often a run has it.
findings contains lib.because("renamed", object.union(lib.remedied(lib.at(first.path, message), help), {"severity": "warning"})) if {
	renamed := [rule | some s in input.suppressions; some rule in s.rules; rule.renamed != ""]
	some name in {rule.text | some rule in renamed}
	first := [rule | some rule in renamed; rule.text == name][0]
	message := sprintf("the rule %s is called %s now", [lib.code(name), lib.code(first.renamed)])
	help := "write the new name: the old one still works"
}

findings contains lib.because("no-rule", lib.at(s.path, "the suppression names no rule")) if {
	some s in input.suppressions
	count(s.rules) == 0
}

_finding(finding, "") := finding

_finding(finding, nearest) := lib.remedied(finding, sprintf("did you mean %s?", [lib.code(nearest)])) if nearest != ""
