# METADATA
# title: Spec without an owner
# description: >-
#   description is for people, and says whose key it is, what it protects and whom to ask. A policy does not say
#   this, and a key outlives the people who created it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/editing-keys.html
# custom:
#   severity: info
#   subject: spec
#   enabled: false
#   remedy: Write a description that says whose key it is, and what it is for.
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
