# METADATA
# title: Expired suppression
# description: >-
#   A finding was accepted until a day, and the day is over: the finding is back. An `until` that is not a date never ends,
#   so it does not hold at all.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: error
#   subject: suppressions
#   remedy: Fix what the finding is about and take the suppression out, or accept it until another day.
package keypolicy.rules.hygiene["suppression-expired"]

import data.keypolicy.lib

findings contains lib.at(s.path, message) if {
	some s in input.suppressions
	s.expired
	message := sprintf("the last day of this suppression was %s: it suppresses nothing", [s.until])
}

findings contains lib.because("no-date", lib.remedied(lib.at(s.path, message), "write the last day as 2027-03-31")) if {
	some s in input.suppressions
	s.until != ""
	not s.dated
	message := sprintf("%s is not a date: the suppression suppresses nothing", [lib.code(s.until)])
}
