# METADATA
# title: Redundant condition value
# description: >-
#   The values of a condition are alternatives. A value that is repeated, or that another value of the list covers,
#   has no effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   severity: info
#   subject: statement
#   when: [conditions]
#   enabled: false
#   remedy: Remove it.
package keypolicy.rules.conditions["redundant-condition-value"]

import data.keypolicy.lib

findings contains lib.beside(lib.at(second.path, message), first.path, "the first is here") if {
	some name, places in _same
	count(places) > 1
	some j in places
	some i in places
	i < j
	values := input.statement.conditions[name[0]].values
	first := values[i]
	second := values[j]
	message := sprintf("`%s` is listed twice", [second.text])
}

findings contains lib.beside(lib.at(value.path, message), wider.path, "this covers it") if {
	some condition in input.statement.conditions
	count(condition.values) > 1
	condition.operator.wildcards
	some wider in condition.values
	endswith(wider.text, "*")
	start := trim_suffix(wider.text, "*")
	not regex.match(`[*?]`, start)
	some value in condition.values
	value.text != wider.text
	startswith(value.text, start)
	message := sprintf("`%s` covers `%s`", [wider.text, value.text])
}

_same[name] contains i if {
	some at, condition in input.statement.conditions
	some i, value in condition.values
	name := [at, value.text]
}
