# METADATA
# title: Principals can change the tag or alias that gives them access
# description: >-
#   A statement of this policy lets callers in by the key's tags or aliases. Whoever can change these, with
#   kms:TagResource or kms:UpdateAlias, can give others access to the key or take it from them.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html
# custom:
#   severity: warning
#   subject: policy
#   when: [conditions]
#   access: [left]
#   remedy: Allow changes of tags and aliases only to the key's administrators, in a statement of their own.
package keypolicy.rules.privilege["tag-alias-control"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(entry.path, message), condition.key.path, "this is the condition that depends on it") if {
	some condition in array.slice(_decisive, 0, 1)
	some st in input.policy.statements
	st.effect.text == "Allow"
	some entry in lib.entries_of(st, lib.tagging)
	not lib.is_for_administrators(st)
	holders := [p | some p in lib.users_of(st, input.policy.statements); lib.able(p, lib.reached(entry, lib.tagging))]
	count(holders) > 0
	message := sprintf("statement %s lets %s change, with `%s`, the tags or aliases that the condition on `%s` tests", [
		lib.name(st), lib.called(holders), entry.text, condition.key.text,
	])
}

_decisive := [condition |
	lib.rests_on_tags(input.policy.statements)
	some st in input.policy.statements
	some condition in st.conditions
	lib.is_tag_key(condition.key.name)
]
