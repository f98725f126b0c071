# METADATA
# title: Spec without an owner
# description: >-
#   description is for people: whose the key is, what it protects and whom to ask. A policy says nothing of it, and a
#   key outlives those who made it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/editing-keys.html
# custom:
#   severity: info
#   subject: spec
#   enabled: false
#   remedy: >-
#     Write description: whose key it is, and what for.
package keypolicy.rules.hygiene["owner-missing"]

import data.keypolicy.lib

findings contains lib.at([], message) if {
	not input.template
	every field in input.spec.fields {
		field.name != "description"
	}
	message := "the spec has no `description`, so it does not say whose key it is"
}

findings contains lib.at(field.path, "`description` is empty, so it does not say whose key it is") if {
	some field in input.spec.fields
	field.name == "description"
	field.empty
}
