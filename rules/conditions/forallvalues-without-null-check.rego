# METADATA
# title: ForAllValues in an Allow has a Null beside it
# description: >-
#   ForAllValues holds where the request lacks the key, so an Allow with it lets in who sends none. kms:GrantOperations
#   is in every kms:CreateGrant.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Add a Null condition on the key with false to the same statement.
package keypolicy.rules.conditions["forallvalues-without-null-check"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at_key(condition.key.path, message), help) if {
	input.statement.effect.text == "Allow"
	some condition in input.statement.conditions
	condition.operator.set == "ForAllValues"
	condition.operator.base != "Null"
	condition.key.multivalued
	lower(condition.key.name) != "kms:grantoperations"
	not _is_for_anyone # whether it lets outsiders in is told by another rule
	not _has_null(lower(condition.key.text))
	message := sprintf("a request without `%s` passes %s of statement %s", [condition.key.text, lib.by(condition), lib.name(input.statement)])
	help := sprintf("add `\"Null\": {\"%s\": \"false\"}`", [condition.key.text])
}

_has_null(key) if {
	some condition in input.statement.conditions
	condition.operator.base == "Null"
	lower(condition.key.text) == key
	some value in condition.values
	lower(value.text) == "false"
}

_is_for_anyone if {
	some p in input.statement.principals
	p.kind == "anyone"
}
