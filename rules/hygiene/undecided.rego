# METADATA
# title: What the policy allows depends on unknown values
# description: >-
#   Who can change the policy, or whether it lets a stranger in, depends on something that is still to be filled in,
#   such as the account of the key (reasons editors and outsiders). This is not a fault. In Terraform, a finding
#   that applies only for some values of unknown conditions is reported under the reason choice, with the condition
#   that decides. If a policy depends on more conditions than are tried in every combination, it may have other
#   faults (reason choices-untried).
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: info
#   subject: policy
#   when: [access.lockout, access.stranger]
#   holes: true
#   remedy: Lint again once it is known. This is not a fault.
package keypolicy.rules.hygiene.undecided

import data.keypolicy.lib

findings contains lib.remedied(lib.because("editors", lib.at_key(lib.statement_list, message)), _help(input.access.lockout.because)) if {
	not input.template
	input.access.lockout.editors == "unknown"
	input.access.lockout.undecided == "not_yet_known"
	message := sprintf("who can change the policy is not known yet: %s", [_why(input.access.lockout.because)])
}

findings contains lib.remedied(lib.because("outsiders", lib.at_key(lib.statement_list, message)), _help(because)) if {
	not input.template
	open := [i |
		some i, meaning in input.access.statements
		meaning.stranger.undecided == "not_yet_known"
	]
	count(open) > 0
	because := input.access.statements[open[0]].stranger.because
	message := sprintf("whether statement %s lets a stranger in is not known yet: %s", [lib.name(input.policy.statements[open[0]]), _why(because)])
}

# The reasons, each once, without the question and the statement that come before them.
_reasons(list) := {lib.phrase(parts[count(parts) - 1]) |
	some reason in list
	reason.kind == "not_yet_known"
	parts := split(reason.text, ": ")
}

_why(list) := text if {
	sorted := sort(_reasons(list))
	count(sorted) <= 3
	text := concat("; ", sorted)
}

_why(list) := text if {
	sorted := sort(_reasons(list))
	count(sorted) > 3
	text := sprintf("%s; and %d more", [concat("; ", array.slice(sorted, 0, 3)), count(sorted) - 3])
}

_help(list) := "lint what is filled in" if _to_fill_in(list)

_help(list) := "give the key's account with --account or in the configuration" if {
	not _to_fill_in(list)
	not _from_run(list)
}

_help(list) := "this is not a fault: lint a plan made once it is known, or the state after apply" if {
	not _to_fill_in(list)
	_from_run(list)
}

# What is not known is in the reasons: a walk for holes would find those only that some rule reads.
_to_fill_in(list) if {
	some reason in list
	contains(reason.text, "still to be filled in")
}

_from_run(list) if {
	some reason in list
	contains(reason.text, "before a run")
}

_from_run(_) if input.policy.open

_from_run(_) if input.key.account != ""
