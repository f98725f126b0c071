# METADATA
# title: Statement without Action
# description: >-
#   AWS announced that CreateKey, ReplicateKey and PutKeyPolicy refuse a statement without a valid Action since 18
#   August 2025. An existing key keeps such a statement, but it has no effect, so an Allow allows nothing and a Deny
#   denies nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: error
#   subject: statement
#   when: [faults]
#   remedy: >-
#     List the actions, as in "Action": ["kms:Decrypt", "kms:DescribeKey"].
package keypolicy.rules.grammar["missing-action"]

import data.keypolicy.lib

findings contains _helped(st, lib.at([], message)) if {
	st := input.statement
	lib.lacks(st.elements, {"Action", "NotAction"})
	message := sprintf("statement %s has no `Action`: %s", [lib.name(st), lib.announced_refusal(st)])
}

findings contains _helped(st, lib.at(path, message)) if {
	st := input.statement
	some name in {"Action", "NotAction"}
	path := lib.empty(st, name)
	message := sprintf("`%s` of statement %s is empty: %s", [name, lib.name(st), lib.announced_refusal(st)])
}

_helped(st, finding) := finding if st.effect.text != "Deny"

_helped(st, finding) := lib.remedied(finding, `list the actions, as in "Action": ["kms:DisableKey", "kms:ScheduleKeyDeletion"]`) if st.effect.text == "Deny"
