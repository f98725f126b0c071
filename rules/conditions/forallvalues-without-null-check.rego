# METADATA
# title: ForAllValues in an Allow without a Null check
# description: >-
#   A request without the key meets ForAllValues, so an Allow with it also allows such requests. It is not reported
#   where each request has the key, that is for kms:EncryptionContextKeys next to a condition on a pair of the
#   encryption context, and for kms:GrantOperations with kms:CreateGrant.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Add a Null condition on the key, with the value false, to the same statement.
package keypolicy.rules.conditions["forallvalues-without-null-check"]

import data.keypolicy.lib

findings contains lib.added(lib.at_key(condition.key.path, message), help, [], {"Condition": {"Null": {condition.key.text: "false"}}}) if {
	input.statement.effect.text == "Allow"
	some condition in input.statement.conditions
	condition.operator.set == "ForAllValues"
	condition.operator.base != "Null"
	condition.key.multivalued
	lower(condition.key.name) != "kms:grantoperations"
	not _is_for_anyone # whether it lets outsiders in is reported by another rule
	not _is_present(lower(condition.key.text))
	message := sprintf("a request without `%s` meets %s of statement %s", [condition.key.text, lib.by(condition), lib.name(input.statement)])
	help := sprintf("add `\"Null\": {\"%s\": \"false\"}`", [condition.key.text])
}

# Another condition holds only where the request has the key: on the key itself, or on a pair whose name the key lists.
_is_present(key) if {
	some condition in input.statement.conditions
	not lib.absent_passes(condition)
	_implies(lower(condition.key.text), key)
}

_implies(pair, key) if pair == key

_implies(pair, key) if startswith(pair, _pairs[key])

_pairs := {"kms:encryptioncontextkeys": "kms:encryptioncontext:", "aws:tagkeys": "aws:requesttag/"}

_is_for_anyone if {
	some p in input.statement.principals
	p.kind == "anyone"
}
