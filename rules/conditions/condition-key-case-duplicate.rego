# METADATA
# title: Duplicate condition key
# description: >-
#   The names of condition keys are not case-sensitive. Two that differ only in case are the same key, and the
#   values of one of them are lost.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write the key once, with the values of both in a list.
package keypolicy.rules.conditions["condition-key-case-duplicate"]

import data.keypolicy.lib

findings contains lib.pair(lib.at_key(second.key.path, message), first.key.path, "the first is here") if {
	some places in _same
	count(places) > 1
	some j in places
	some i in places
	i < j
	first := input.statement.conditions[i]
	second := input.statement.conditions[j]
	first.key.text != second.key.text
	message := sprintf("`%s` and `%s` are the same key under `%s`", [first.key.text, second.key.text, first.operator.text])
}

_same[name] contains i if {
	some i, condition in input.statement.conditions
	name := [condition.operator.text, lower(condition.key.text)]
}
