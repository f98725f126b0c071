# METADATA
# title: Expired suppression
# description: >-
#   The finding was accepted until a date that has passed, so it is reported again. A suppression whose `until` is
#   not a date would never end, so it has no effect either.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: error
#   subject: suppressions
#   remedy: Fix the cause of the finding and remove the suppression, or accept the finding until a later date.
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
