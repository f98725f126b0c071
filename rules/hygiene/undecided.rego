# METADATA
# title: What the policy allows depends on unknown values
# description: >-
#   Who can change the policy, whether it lets a stranger in, or whether another account can make a service that the
#   policy allows use the key, depends on something that is still to be filled in, such as the account of the key
#   (reasons editors, outsiders and deputies). This is not a fault. In Terraform, a finding that applies only for
#   some values of unknown conditions is reported under the reason choice, with the condition that decides. If a
#   policy depends on more conditions than are tried in every combination, it may have other faults (reason
#   choices-untried).
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   severity: info
#   subject: policy
#   when: [access.lockout, access.stranger, holes]
#   access: [external, confused_deputy]
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
	count(_open) > 0
	because := input.access.statements[_open[0]].stranger.because
	message := sprintf("whether statement %s lets a stranger in is not known yet: %s", [lib.name(input.policy.statements[_open[0]]), _why(because)])
}

_open := [i |
	some i, meaning in input.access.statements
	meaning.stranger.undecided == "not_yet_known"
]

# One question is enough for a reference.
_are_editors_open if input.access.lockout.undecided == "not_yet_known"

# Whom a user writes in place of a reference may be of any account, or everyone.
findings contains lib.remedied(lib.because("outsiders", lib.at_key(lib.statement_list, message)), _help_later) if {
	not input.template
	count(_open) == 0
	not _are_editors_open
	input.key.account != ""
	input.access.external_undecided == "not_yet_known"
	named := [[st, p] |
		some st in input.policy.statements
		st.effect.text == "Allow"
		some p in st.principals
		_may_be_outside(p)
	]
	count(named) > 0
	[st, p] := named[0]
	message := sprintf("whether statement %s lets another account in is not known yet: `%s` is not known before a run", [lib.name(st), p.written])
}

_may_be_outside(p) if {
	lib.is_hole(p)
	p.kind in {"variable", "parameter"}
	p.element in {"AWS", ""}
	p.relation != "own"
}

findings contains lib.remedied(lib.because("deputies", lib.at_key(lib.statement_list, message)), _help(input.access.confused_deputy_because)) if {
	not input.template
	not _are_editors_open
	_are_deputies_asked_for
	count(_unnamed) == 0
	open := [i |
		some i, meaning in input.access.statements
		meaning.confused_deputy_undecided == "not_yet_known"
	]
	count(open) > 0
	message := sprintf("whether another account can use the key through the services of statement %s is not known yet: %s", [
		lib.name(input.policy.statements[open[0]]), _why(input.access.confused_deputy_because),
	])
}

# Where only the key's account is not known, each service is of its account or of another.
_are_deputies_asked_for if input.key.account != ""

_are_deputies_asked_for if _is_run_due(input.access.confused_deputy_because)

# No condition says for whom, and what AWS's page says of the service is not known.
findings contains lib.remedied(lib.because("deputies", lib.at_key(lib.statement_list, message)), _help_later) if {
	not input.template
	count(_unnamed) > 0
	[st, p] := _unnamed[0]
	message := sprintf("statement %s names a service that is not known yet, `%s`, and no condition says for whom it may use the key", [
		lib.name(st), p.written,
	])
}

_unnamed := [[st, p] |
	some i, st in input.policy.statements
	some p in st.principals
	lib.is_hole(p)
	some deputy in input.access.statements[i].confused_deputy
	deputy.service == p.written
	not _is_service_known(p)
]

# Only its Region or its suffix is not known, and service-principal-unrestricted reports it.
_is_service_known(p) if input.facts.services[p.written].known

_help_later := "nothing is wrong with that: lint a plan made once it is known, or the state after apply"

# The reasons, each once, without the question and the statement that come before them.
_reasons(list) := {lib.phrase(reason.detail) |
	some reason in list
	reason.kind == "not_yet_known"
	not reason.restates
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
	reason.source == "writer"
}

_from_run(list) if _is_run_due(list)

_is_run_due(list) if {
	some reason in list
	reason.source == "run"
}

_from_run(_) if input.policy.open

_from_run(_) if input.key.account != ""
