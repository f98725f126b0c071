# METADATA
# title: Key deletion cannot be cancelled
# description: >-
#   A principal can schedule the key's deletion, but no principal can cancel it or enable the key again. A key whose
#   deletion was scheduled by mistake is lost at the end of the waiting period.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-scheduling-key-deletion.html
# custom:
#   severity: info
#   subject: policy
#   when: [access.able]
#   remedy: Add kms:CancelKeyDeletion and kms:EnableKey to the statement that allows kms:ScheduleKeyDeletion.
package keypolicy.rules.lockout["no-deletion-canceller"]

import data.keypolicy.lib

findings contains lib.among(lib.at(scheduling[0].path, message), [e.path | some e in scheduling]) if {
	not input.template
	input.access.able.schedule_deletion == "yes"
	missing := [action | some [action, answer] in _answers; answer == "no"]
	count(missing) > 0
	scheduling := [e |
		some st in input.policy.statements
		lib.gives(st, "kms:ScheduleKeyDeletion")
		some e in lib.entries_of(st, {"kms:ScheduleKeyDeletion"})
	]
	message := sprintf("`%s` lets the key's deletion be scheduled, and no principal of its account is allowed %s", [
		scheduling[0].text, lib.several(missing),
	])
}

findings contains lib.because("undecided", lib.at_key(lib.statement_list, message)) if {
	not input.template
	input.access.able.undecided == "budget"
	input.access.able.schedule_deletion != "no"
	open := [action | some [action, answer] in _answers; answer == "unknown"]
	count(open) > 0
	message := sprintf("whether anyone of the key's account is allowed %s could not be determined", [lib.several(open)])
}

_answers := [
	["kms:CancelKeyDeletion", input.access.able.cancel_deletion],
	["kms:EnableKey", input.access.able.enable],
]
