# METADATA
# title: Suppression without a reason
# description: >-
#   Later readers need to know why a finding was accepted, to judge whether the reason still applies.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   severity: warning
#   subject: suppressions
#   remedy: >-
#     Write the reason after the rule's name: `# keypolicy:ignore RULE until=2027-03-31 ticket SEC-12`.
package keypolicy.rules.hygiene["suppression-without-reason"]

import data.keypolicy.lib

findings contains lib.at(s.path, message) if {
	some s in input.suppressions
	s.reason == ""
	count(s.rules) > 0
	message := sprintf("the suppression of %s has no reason", [lib.several([r.text | some r in s.rules])])
}
