# METADATA
# title: What the policy allows is known
# description: >-
#   Who can change the policy, or whether it lets a stranger in, depends on something that is still to be filled in, such as
#   the account of the key. Nothing is wrong with that; the question is open until it is filled in.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: info
#   subject: policy
#   when: [access.lockout, access.stranger]
#   holes: true
#   remedy: Give the key's account with --account or in the configuration, or lint what is filled in.
package keypolicy.rules.hygiene.undecided

import data.keypolicy.lib

findings contains lib.because("editors", lib.at_key(lib.statement_list, message)) if {
	not input.template
	input.access.lockout.editors == "unknown"
	input.access.lockout.undecided == "not_yet_known"
	message := sprintf("who can change the policy is not known yet: %s", [_why])
}

findings contains lib.because("outsiders", lib.at_key(lib.statement_list, message)) if {
	not input.template
	names := [lib.name(st) |
		some i, meaning in input.access.statements
		meaning.stranger.undecided == "not_yet_known"
		st := input.policy.statements[i]
	]
	count(names) > 0
	message := sprintf("whether statement %s lets a stranger in is not known yet: %s", [names[0], _why])
}

_why := lib.phrase(parts[count(parts) - 1]) if {
	reason := [r | some r in input.access.unknown; r.kind == "not_yet_known"][0]
	parts := split(reason.text, ": ") # the question comes before the reason
}
