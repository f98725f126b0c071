# METADATA
# title: kms:ViaService names another Region than the key's
# description: >-
#   A key and its policy are in one Region, and a service uses keys of its own Region. A condition with another
#   Region, such as one in a copied policy, is never met.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Write the key's Region.
package keypolicy.rules.conditions["via-service-wrong-region"]

import data.keypolicy.lib

findings contains lib.written(lib.at(value.path, message), sprintf("%s.%s.amazonaws.com", [value.via.service, input.key.region])) if {
	input.key.region != ""
	some condition in input.statement.conditions
	lower(condition.key.text) == "kms:viaservice"
	condition.operator.family == "String"
	not condition.operator.negated
	regions := {value.via.region | some value in condition.values; value.via.region != ""}
	not input.key.region in regions
	not _may_fit(condition)
	some value in condition.values
	regex.match(`^[a-z0-9-]+$`, value.via.region)
	message := sprintf("`%s` is a service of %s, and the key is in %s: it never matches", [value.text, value.via.region, input.key.region])
}

# A wildcard or a variable may be any Region.
_may_fit(condition) if {
	some value in condition.values
	_is_open(value)
}

_is_open(value) if value.variable

_is_open(value) if regex.match(`[*?]`, value.text)
