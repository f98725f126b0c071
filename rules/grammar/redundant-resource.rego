# METADATA
# title: Resource listed beside "*"
# description: >-
#   "*" means this key, and beside it no other resource of the statement has an effect.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   severity: info
#   subject: statement
#   enabled: false
#   remedy: Keep only "*".
package keypolicy.rules.grammar["redundant-resource"]

import data.keypolicy.lib

findings contains lib.at(r.path, message) if {
	resources := input.statement.resources
	count(resources) > 1
	some star in resources
	star.text == "*"
	some r in resources
	r.text != "*"
	message := sprintf("`%s` has no effect beside `\"*\"`", [r.text])
}
