# METADATA
# title: Duplicate condition key
# description: >-
#   Case does not count in the names of condition keys: two that differ in nothing else are one key, of which one value
#   is lost.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Write the key once, with both values in a list.
package keypolicy.rules.conditions["condition-key-case-duplicate"]

import data.keypolicy.lib

findings contains lib.pair(lib.at_key(second.key.path, message), first.key.path, "the first is here") if {
	conditions := input.statement.conditions
	count(conditions) > 1
	some j, second in conditions
	some i, first in conditions
	i < j
	first.operator.text == second.operator.text
	first.key.text != second.key.text
	lower(first.key.text) == lower(second.key.text)
	message := sprintf("`%s` and `%s` are one key under `%s`", [first.key.text, second.key.text, first.operator.text])
}
