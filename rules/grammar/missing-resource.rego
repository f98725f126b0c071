# METADATA
# title: Statement without Resource
# description: >-
#   AWS announced that CreateKey, ReplicateKey and PutKeyPolicy refuse a statement without a valid Resource since 18
#   August 2025. An existing key keeps such a statement, but it applies to no key. An Allow allows nothing, a Deny
#   denies nothing, and an account statement no longer lets anyone change the policy.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: error
#   subject: statement
#   when: [faults]
#   remedy: >-
#     Write "Resource": "*". In a key policy it means only this key.
package keypolicy.rules.grammar["missing-resource"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	st := input.statement
	lib.lacks(st.elements, {"Resource", "NotResource"})
	message := sprintf("statement %s has no `Resource`: %s", [lib.name(st), lib.announced_refusal(st)])
}

findings contains lib.at(path, message) if {
	st := input.statement
	some name in {"Resource", "NotResource"}
	path := lib.empty(st, name)
	message := sprintf("`%s` of statement %s is empty: %s", [name, lib.name(st), lib.announced_refusal(st)])
}
