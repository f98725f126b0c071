# METADATA
# title: Unused suppression
# description: >-
#   A suppression that matches nothing would hide the next finding of its rule, which nobody has reviewed. It is
#   left over from a finding that was fixed, or was on the wrong line from the start. A run of some files does not
#   report a suppression that may be needed for the others.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: warning
#   subject: suppressions
#   remedy: Remove the suppression, or move it to the line of the finding.
package keypolicy.rules.hygiene["suppression-unused"]

import data.keypolicy.lib

findings contains _advised(lib.at(rule.path, message), rule.path[0]) if {
	some rule in _holding
	not rule.used
	not rule.kept
	rule.whole
	message := sprintf("nothing is suppressed here: there is no finding of %s", [lib.code(rule.text)])
}

# An entry of the configuration is on no line of a finding.
_advised(finding, index) := lib.remedied(finding, "remove the entry, or correct the `path` or `resource` that it has") if {
	input.suppressions[index].configured
} else := finding

# What is reported whatever is written: errors of the category lockout, those that keep a file from being compiled, and what is enforced.
findings contains lib.because("not-suppressible", lib.remedied(lib.at(rule.path, message), help)) if {
	some rule in _holding
	not rule.used
	rule.kept
	message := sprintf("the finding of %s cannot be suppressed", [lib.code(rule.text)])
	help := "fix what the finding is about, and remove the suppression"
}

_holding contains rule if {
	some s in input.suppressions
	_in_force(s)
	some rule in s.rules
	rule.known
}

_in_force(s) if s.until == ""

_in_force(s) if {
	s.dated
	not s.expired
}
